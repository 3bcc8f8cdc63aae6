"""`actions`: what became of each action."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.paging import Paging, newest_first, page_of
from server.apps.actions.models import Action
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType

router = Router(tags=["actions"])

ORDER = newest_first("actions")


class ActionFilter(Paging):
    """Which actions, and which part of the list."""

    status: Annotated[ActionStatus | None, Field(description="Only those that stand here.")] = None
    action_type: Annotated[ActionType | None, Field(description="Only those of this type.")] = None

    def conditions(self) -> dict[str, str]:
        """The filter as a query's conditions."""
        wanted = {"status": self.status, "action_type": self.action_type}
        return {name: value.value for name, value in wanted.items() if value is not None}


@router.get("", response=schemas.Page[schemas.Action])
def list_actions(request: HttpRequest, wanted: Query[ActionFilter]) -> schemas.Page[schemas.Action]:
    """The user's actions, newest first."""
    rows = Action.objects.filter(user=caller_of(request).user, **wanted.conditions()).defer("traceback")
    return page_of(rows, ORDER, wanted, schemas.Action.of)


@router.get("/{action_id}", response=schemas.Action)
def show_action(request: HttpRequest, action_id: str) -> schemas.Action:
    """One action."""
    row = Action.objects.filter(user=caller_of(request).user, id=uuid_or_404(action_id)).first()
    if row is None:
        raise Http404
    return schemas.Action.of(row)


def uuid_or_404(text: str) -> UUID:
    """The id that a path names. Raises `Http404` for what is no id: there is nothing of that name."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
