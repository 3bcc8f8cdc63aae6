"""The user that a scenario begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from server.apps.actions.queries import database_now
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.test_scenarios.models import TestScenario
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.scenario_replay.scenario import Start

EMAIL_DOMAIN = "replay.invalid"
"""No mail can be sent there (RFC 2606), and nobody can sign up with it by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A user made for a replay; `ids` has the rows of `start` by their references."""

    user: User
    ids: Mapping[str, UUID]


@transaction.atomic
def begin(start: Start, test_scenario: TestScenario) -> Begun:
    """Make a user of the scenario's own, as `start` says, all or nothing."""
    user = User.objects.create_user(
        email=f"{uuid4().hex}@{EMAIL_DOMAIN}",
        first_name=start.user.first_name,
        last_name=start.user.last_name,
        test_scenario=test_scenario,
    )
    ids: dict[str, UUID] = {}
    began = database_now() - timedelta(hours=1)
    for number, one in enumerate(start.identities):  # oldest first, which a handler may go by
        fields = one.model_dump(exclude={"ref"})
        age = began + timedelta(seconds=number)
        ids[one.ref] = Identity.objects.create(user=user, created_at=age, **fields).id
    for number, note in enumerate(start.user_notes):
        age = began + timedelta(seconds=number)
        ids[note.ref] = UserNote.objects.create(user=user, note=note.note, created_at=age).id
    for message in start.messages:
        ChatMessage.objects.create(user=user, role=message.role, content=message.content)
    state = start.coach_state.model_dump(exclude_unset=True)
    if current := state.pop("current_identity", None):
        state["current_identity_id"] = ids[current.removeprefix("$")]
    if state:
        CoachState.objects.get(user=user).change(**state)
    return Begun(user=user, ids=ids)
