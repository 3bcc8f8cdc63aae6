"""`user-notes`: what the coach remembers about the user."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.paging import Paging, oldest_first, page_of
from server.api.snapshot import SAYS_WHEN, snapshot
from server.apps.user_notes.models import UserNote

router = Router(tags=["state"])

ORDER = oldest_first("user-notes")


@router.get("", response=schemas.Page[schemas.UserNote], openapi_extra=SAYS_WHEN)
def list_user_notes(
    request: HttpRequest, response: HttpResponse, paging: Query[Paging]
) -> schemas.Page[schemas.UserNote]:
    """The notes about the user, oldest first."""
    user = caller_of(request).user
    with snapshot(user, response):
        return page_of(UserNote.objects.filter(user=user), ORDER, paging, schemas.UserNote.of)
