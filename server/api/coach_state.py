"""`coach-state`: where the user stands."""

from django.http import HttpRequest
from ninja import Router

from server.api import schemas
from server.api.auth import caller_of
from server.apps.coach_states.models import CoachState

router = Router(tags=["state"])


@router.get("", response=schemas.CoachState)
def show_coach_state(request: HttpRequest) -> schemas.CoachState:
    """The user's coach state."""
    return schemas.CoachState.of(CoachState.objects.get(user=caller_of(request).user))
