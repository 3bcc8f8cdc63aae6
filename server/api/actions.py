"""`actions`: what became of each action."""

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.paging import Paging, newest_first, page_of
from server.api.search import matching
from server.api.snapshot import SAYS_WHEN, snapshot
from server.apps.actions.models import Action
from server.apps.actions.queries import ActionQuerySet
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.services.action_handler.models.text import StorableText

router = Router(tags=["actions"])

ORDER = newest_first("actions")
MAX_TEXT = 200


class ActionFilter(Paging):
    """Which actions, and which part of the list."""

    status: Annotated[ActionStatus | None, Field(description="Only those that stand here.")] = None
    action_type: Annotated[ActionType | None, Field(description="Only those of this type.")] = None
    q: Annotated[
        StorableText | None,
        Field(
            min_length=1,
            max_length=MAX_TEXT,
            description="Only those with this text in their label, parameters, result or error, in any case.",
        ),
    ] = None

    def of(self, rows: ActionQuerySet) -> QuerySet[Action]:
        """Those of the rows that are wanted, without what nobody is shown."""
        if self.status is not None:
            rows = rows.filter(status=self.status)
        if self.action_type is not None:
            rows = rows.of_type(self.action_type)
        return (rows if self.q is None else matching(rows, self.q)).defer("traceback")


@router.get("", response=schemas.Page[schemas.Action], openapi_extra=SAYS_WHEN)
def list_actions(
    request: HttpRequest, response: HttpResponse, wanted: Query[ActionFilter]
) -> schemas.Page[schemas.Action]:
    """The user's actions, newest first."""
    user = caller_of(request).user
    with snapshot(user, response):
        rows = wanted.of(Action.objects.filter(user=user))
        return page_of(rows, ORDER, wanted, schemas.Action.of)


@router.get("/{action_id}", response=schemas.Action, openapi_extra=SAYS_WHEN)
def show_action(request: HttpRequest, response: HttpResponse, action_id: str) -> schemas.Action:
    """One action."""
    user = caller_of(request).user
    with snapshot(user, response):
        row = Action.objects.filter(user=user, id=uuid_or_404(action_id)).defer("traceback").first()
    if row is None:
        raise Http404
    return schemas.Action.of(row)


def uuid_or_404(text: str) -> UUID:
    """The id that a path names. Raises `Http404` for what is no id: there is nothing of that name."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
