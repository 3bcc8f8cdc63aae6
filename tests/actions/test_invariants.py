"""What holds whatever a coach does: random lists of actions, one after the other, through the executor."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.identity_state import LADDER, IdentityState
from server.models.identity_name import name_key
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.text import NAME_LIMIT
from server.testing.perform import perform_action
from tests.actions.cases import Start, World

UNKNOWN_IDS = ["nobody", str(uuid4())]
WORDS = [
    "Cook",
    "cook ",
    "Baker",
    "Straße",
    "STRASSE",
    "Cook / Baker",
    "  ",
    "n" * 130,
    "x" * 256,
    "I am. 🌙",
]
NUMBERED = st.integers(min_value=0, max_value=5).map("${}".format)
"""The n-th of the rows that there are then, oldest first."""


def fields(params: type[ActionParams]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for every parameter, by its type: enums whole, texts and ids from a few, so that they meet."""
    return st.fixed_dictionaries(
        {name: _value(name, info.annotation) for name, info in params.model_fields.items()}
    )


def _value(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    if annotation is str:
        ids = name.endswith("_id") or "_id_" in name
        return NUMBERED | st.sampled_from(UNKNOWN_IDS) if ids else st.sampled_from(WORDS)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return st.sampled_from(list(annotation))
    return st.lists(st.sampled_from(WORDS[:6]), max_size=4)


STEPS = st.one_of(*(st.tuples(st.just(params), fields(params)) for params in ACTION_PARAMS.values()))


def with_ids(user: User, values: dict[str, Any]) -> dict[str, Any]:
    """The values with every "$n" replaced by the id of the n-th row, or by an unknown one where there are fewer."""
    return {
        name: _nth_id(user, name, int(value[1:]))
        if isinstance(value, str) and value.startswith("$")
        else value
        for name, value in values.items()
    }


def _nth_id(user: User, name: str, number: int) -> str:
    rows = UserNote.objects if "user_note_id" in name else Identity.objects
    found = rows.filter(user=user).order_by("created_at").values_list("id", flat=True)[number : number + 1]
    return str(next(iter(found), UNKNOWN_IDS[1]))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(steps=st.lists(STEPS, min_size=5, max_size=30))
def test_whatever_a_coach_does(steps: list[tuple[type[ActionParams], dict[str, Any]]]) -> None:
    user = User.objects.create_user(f"{uuid4()}@example.org")
    world = World(user, Start())
    identities: dict[Any, Identity] = {}
    for params, values in steps:
        before = world.snapshot()
        action = perform_action(params.model_validate(with_ids(user, values)), user=user)
        assert_told(action.status, action.result_summary, action.traceback)
        if action.status != ActionStatus.SUCCEEDED:
            assert world.changes_since(before) == {}
        identities = assert_identities_hold(user, identities)
        assert_coach_state_holds(user)


def assert_told(status: str, summary: str, traceback: str) -> None:
    """Every action ends at once, with a sentence: none of these is a failure to try again."""
    assert status in {ActionStatus.SUCCEEDED, ActionStatus.SKIPPED, ActionStatus.REJECTED}, traceback
    assert summary.endswith("."), summary
    assert "\n" not in summary, summary


def assert_identities_hold(user: User, before: Mapping[Any, Identity]) -> dict[Any, Identity]:
    now = {identity.id: identity for identity in Identity.objects.filter(user=user)}
    keys = [name_key(identity.name) for identity in now.values()]
    assert len(keys) == len(set(keys)), f"a name twice: {keys}"
    for identity in now.values():
        assert len(identity.name) <= NAME_LIMIT
        assert identity.name == identity.name.strip() != ""
        assert identity.name_key == name_key(identity.name)
        assert len(identity.notes) == len(set(identity.notes)), f"a note twice: {identity.notes}"
    for key, old in before.items():
        assert_never_lowered(old.state, now[key].state)
        assert now[key].notes[: len(old.notes)] == old.notes, "a note was lost"
    return now


def assert_never_lowered(old: IdentityState, new: IdentityState) -> None:
    if old == IdentityState.ARCHIVED:
        assert new == IdentityState.ARCHIVED
    elif new != IdentityState.ARCHIVED:
        assert LADDER.index(new) >= LADDER.index(old)


def assert_coach_state_holds(user: User) -> None:
    state = CoachState.objects.select_related("current_identity").get(user=user)
    current = state.current_identity
    assert current is None or (current.user_id == user.id and not current.is_archived)
    for ordered in (
        state.skipped_identity_categories,
        state.who_you_are,
        state.who_you_want_to_be,
        state.asked_questions,
    ):
        assert len(ordered) == len(set(ordered)), f"an entry twice: {ordered}"
