"""`admin/…`: operating the queue, for staff."""

from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from server.api import schemas
from server.api.actions import ActionFilter, uuid_or_404
from server.api.auth import STAFF, caller_of
from server.api.paging import newest_first, page_of
from server.apps.actions.models import Action
from server.apps.users.models import normal_email
from server.services.action_queue.operate import cancel, retry
from server.services.action_queue.stats import queue_stats

router = Router(tags=["admin"], auth=STAFF)

ORDER = newest_first("admin/actions")


class AdminActionFilter(ActionFilter):
    """Which actions of all users."""

    email: Annotated[str | None, Field(max_length=254, description="Only this user's.")] = None


@router.get("/actions", response=schemas.Page[schemas.AdminAction])
def list_all_actions(
    request: HttpRequest, wanted: Query[AdminActionFilter]
) -> schemas.Page[schemas.AdminAction]:
    """The actions of all users, newest first."""
    rows = wanted.of(Action.objects.select_related("user"))
    if wanted.email is not None:
        rows = rows.filter(user__email=normal_email(wanted.email))
    return page_of(rows, ORDER, wanted, schemas.AdminAction.of)


@router.post("/actions/{action_id}/retry", response=schemas.AdminAction)
def retry_action(request: HttpRequest, action_id: str) -> schemas.AdminAction:
    """Queue an ended action again, in its old place. 409 for one that has not ended."""
    action = _action(action_id)
    retry(action, operator=caller_of(request).user.email)
    return schemas.AdminAction.of(_action(action_id))


@router.post("/actions/{action_id}/cancel", response=schemas.AdminAction)
def cancel_action(request: HttpRequest, action_id: str) -> schemas.AdminAction:
    """Take a waiting action out of its lane. 409 for one that is running or has ended."""
    action = _action(action_id)
    cancel(action, operator=caller_of(request).user.email)
    return schemas.AdminAction.of(_action(action_id))


@router.get("/stats", response=schemas.Stats)
def show_stats(request: HttpRequest) -> schemas.Stats:
    """How the queue stands."""
    stats = queue_stats()
    return schemas.Stats(
        actions=stats.status_counts, oldest_waiting_s=stats.oldest_waiting_s, lanes_open=stats.lanes_open
    )


def _action(action_id: str) -> Action:
    action = Action.objects.select_related("user").filter(id=uuid_or_404(action_id)).first()
    if action is None:
        raise Http404
    return action
