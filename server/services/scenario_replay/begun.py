"""The user that a scenario begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
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
    began = database_now() - timedelta(hours=1)
    ages = (began + timedelta(seconds=n) for n in count())  # oldest first, which a handler may go by
    identities = Identity.objects.bulk_create(
        Identity(user=user, created_at=next(ages), **one.model_dump(exclude={"ref"}))
        for one in start.identities
    )
    user_notes = UserNote.objects.bulk_create(
        UserNote(user=user, created_at=next(ages), note=one.note) for one in start.user_notes
    )
    ChatMessage.objects.bulk_create(
        ChatMessage(user=user, role=one.role, content=one.content) for one in start.messages
    )
    ids = {one.ref: row.id for one, row in zip(start.identities, identities, strict=True)}
    ids |= {one.ref: row.id for one, row in zip(start.user_notes, user_notes, strict=True)}
    state = start.coach_state.model_dump(exclude_unset=True)
    if current := state.pop("current_identity", None):
        state["current_identity_id"] = ids[current.removeprefix("$")]
    if state:
        CoachState.objects.get(user=user).change(**state)
    return Begun(user=user, ids=ids)
