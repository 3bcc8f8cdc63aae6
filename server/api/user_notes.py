"""`user-notes`: what the coach remembers about the user."""

from django.http import HttpRequest
from ninja import Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.paging import Paging, oldest_first, page_of
from server.apps.user_notes.models import UserNote

router = Router(tags=["state"])

ORDER = oldest_first("user-notes")


@router.get("", response=schemas.Page[schemas.UserNote])
def list_user_notes(request: HttpRequest, paging: Query[Paging]) -> schemas.Page[schemas.UserNote]:
    """The notes about the user, oldest first."""
    rows = UserNote.objects.filter(user=caller_of(request).user)
    return page_of(rows, ORDER, paging, schemas.UserNote.of)
