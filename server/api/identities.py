"""`identities`: what the user works out."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.paging import Paging, oldest_first, page_of
from server.api.snapshot import SAYS_WHEN, snapshot
from server.apps.identities.models import Identity

router = Router(tags=["state"])

ORDER = oldest_first("identities")


@router.get("", response=schemas.Page[schemas.Identity], openapi_extra=SAYS_WHEN)
def list_identities(
    request: HttpRequest, response: HttpResponse, paging: Query[Paging], archived: bool = False
) -> schemas.Page[schemas.Identity]:
    """The user's identities, oldest first; `?archived=true` includes archived ones."""
    user = caller_of(request).user
    with snapshot(user, response):
        rows = Identity.objects.filter(user=user)
        return page_of(rows if archived else rows.live(), ORDER, paging, schemas.Identity.of)
