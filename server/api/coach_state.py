"""`coach-state`: where the user stands."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from server.api import schemas
from server.api.auth import caller_of
from server.api.snapshot import SAYS_WHEN, snapshot
from server.apps.coach_states.models import CoachState

router = Router(tags=["state"])


@router.get("", response=schemas.CoachState, openapi_extra=SAYS_WHEN)
def show_coach_state(request: HttpRequest, response: HttpResponse) -> schemas.CoachState:
    """The user's coach state."""
    user = caller_of(request).user
    with snapshot(user, response):
        return schemas.CoachState.of(CoachState.objects.get(user=user))
