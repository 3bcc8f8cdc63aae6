"""What a replay came to: the user's state in plain values, without what differs from one replay to the next.

Ids become references (`$identity:Cook`, `$n1`), and there are no times.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.apps.actions.models import Action
from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.services.scenario_replay.begun import Begun

ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndState:
    """Each section as a scenario's `expect` has it, identities and notes oldest first."""

    coach_state: Row
    identities: list[Row]
    user_notes: list[Row]
    actions: list[Row]
    messages: list[Row]


def actions_of(user: User) -> list[Action]:
    """The user's actions in order, with what a replay looks at."""
    return list(Action.objects.filter(user=user).order_by("seq").defer("traceback", "parameters"))


def end_state_of(begun: Begun, actions: Sequence[Action] | None = None) -> EndState:
    """How the user stands now; `actions` are theirs, where they are known already."""
    user = begun.user
    identities = list(Identity.objects.filter(user=user).in_order())
    name_of = {str(row_id): f"${ref}" for ref, row_id in begun.ids.items()}
    name_of |= {str(identity.id): f"$identity:{identity.name}" for identity in identities}
    state = CoachState.objects.get(user=user)
    return EndState(
        coach_state={
            "current_phase": str(state.current_phase),
            "identity_focus": str(state.identity_focus),
            "current_identity": _name(state.current_identity_id, name_of),
            "skipped_identity_categories": [str(one) for one in state.skipped_identity_categories],
            "who_you_are": list(state.who_you_are),
            "who_you_want_to_be": list(state.who_you_want_to_be),
            "asked_questions": [str(one) for one in state.asked_questions],
        },
        identities=[
            {
                "name": identity.name,
                "category": str(identity.category),
                "state": str(identity.state),
                "i_am_statement": identity.i_am_statement,
                "visualization": identity.visualization,
                "notes": list(identity.notes),
            }
            for identity in identities
        ],
        user_notes=[{"note": note} for note in _notes(user.id)],
        actions=[
            action_row(action, _without_ids(action.result_summary, name_of))
            for action in (actions_of(user) if actions is None else actions)
        ],
        messages=[
            {"role": str(role), "content": content}
            for role, content in ChatMessage.objects.filter(user=user)
            .order_by("seq")
            .values_list("role", "content")
        ],
    )


def action_row(action: Action, sentence: str) -> Row:
    """What became of an action; `sentence` says it, with references in the place of ids."""
    return {
        "action_type": str(action.action_type),
        "status": str(action.status),
        "result_summary": sentence,
        "error_kind": action.error_kind and str(action.error_kind),
    }


def _notes(user_id: UUID) -> list[str]:
    return list(
        UserNote.objects.filter(user_id=user_id).order_by("created_at", "id").values_list("note", flat=True)
    )


def _name(row_id: UUID | None, name_of: Mapping[str, str]) -> str | None:
    return None if row_id is None else name_of.get(str(row_id), "an unknown row")


def _without_ids(text: str, name_of: Mapping[str, str]) -> str:
    return ID.sub(lambda found: name_of.get(found[0], found[0]), text)
