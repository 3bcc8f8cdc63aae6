"""NEXT: which identity becomes the current one, and when."""

from itertools import permutations

import pytest

from server.apps.coach_states.models import CoachState
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import (
    AcceptIAmStatementParams,
    AcceptIdentityCommitmentParams,
    AcceptIdentityParams,
    AcceptIdentityRefinementParams,
    AcceptIdentityVisualizationParams,
    ArchiveIdentityParams,
    CombineIdentitiesParams,
    NestIdentityParams,
    TransitionPhaseParams,
)
from server.testing.perform import accept, drain, perform_action
from tests.actions.cases import IdentityRow, Start, World
from tests.conftest import MakeUser

P = CoachingPhase
S = IdentityState

BELOW_REFINEMENT = {S.PROPOSED, S.ACCEPTED}
BELOW_COMMITMENT = BELOW_REFINEMENT | {S.REFINEMENT_COMPLETE}
BELOW_I_AM = BELOW_COMMITMENT | {S.COMMITMENT_COMPLETE}
BELOW_VISUALIZATION = BELOW_I_AM | {S.I_AM_COMPLETE}

WHEN_THE_CURRENT_ONE_LEAVES: dict[P, set[S]] = {
    P.INTRODUCTION: set(),
    P.GET_TO_KNOW_YOU: set(),
    P.IDENTITY_WARM_UP: set(),
    P.IDENTITY_BRAINSTORMING: set(),
    P.BRAINSTORMING_REVIEW: set(),
    P.IDENTITY_REFINEMENT: BELOW_REFINEMENT,
    P.ANYTHING_MISSING: BELOW_REFINEMENT,
    P.IDENTITY_COMMITMENT: BELOW_COMMITMENT,
    P.I_AM_STATEMENT: BELOW_I_AM,
    P.IDENTITY_VISUALIZATION: BELOW_VISUALIZATION,
}
"""By the phase that the user is in: the states in which another identity is the next one."""

WHEN_A_PHASE_BEGINS: dict[P, set[S] | None] = {
    P.INTRODUCTION: None,
    P.GET_TO_KNOW_YOU: None,
    P.IDENTITY_WARM_UP: None,
    P.IDENTITY_BRAINSTORMING: None,
    P.BRAINSTORMING_REVIEW: None,
    P.IDENTITY_REFINEMENT: BELOW_REFINEMENT,
    P.ANYTHING_MISSING: None,
    P.IDENTITY_COMMITMENT: BELOW_COMMITMENT,
    P.I_AM_STATEMENT: BELOW_I_AM,
    P.IDENTITY_VISUALIZATION: BELOW_VISUALIZATION,
}
"""By the phase that is entered: the same; None where the current identity stays."""

WHEN_ONE_IS_ACCEPTED: dict[type[ActionParams], set[S] | None] = {
    AcceptIdentityParams: None,
    AcceptIdentityRefinementParams: BELOW_REFINEMENT,
    AcceptIdentityCommitmentParams: BELOW_COMMITMENT,
    AcceptIAmStatementParams: BELOW_I_AM,
    AcceptIdentityVisualizationParams: BELOW_VISUALIZATION,
}
"""By the accepting action: the same; None where the current identity stays."""


def start(other: S, *, phase: P = P.INTRODUCTION, current: str = "$cook") -> Start:
    """The current identity, and another one that stands at `other`."""
    return Start(
        identities={
            "cook": IdentityRow(name="Cook", i_am_statement="I am."),
            "other": IdentityRow(name="Other", state=other),
        },
        coach_state={"current_phase": phase, "current_identity": current},
    )


def current(world: World) -> str | None:
    answer: str | None = world.snapshot()["state.current_identity"]
    return answer


@pytest.mark.parametrize("state", S, ids=str)
@pytest.mark.parametrize("phase", P, ids=str)
def test_next_when_the_current_identity_is_archived(phase: P, state: S, user: User) -> None:
    world = World(user, start(state, phase=phase))
    perform_action(world.with_keys(ArchiveIdentityParams(identity_id="$cook")), user=user)
    assert current(world) == ("other" if state in WHEN_THE_CURRENT_ONE_LEAVES[phase] else None)


@pytest.mark.parametrize("phase", P, ids=str)
def test_archiving_another_identity_leaves_the_current_one(phase: P, user: User) -> None:
    world = World(user, start(S.PROPOSED, phase=phase))
    perform_action(world.with_keys(ArchiveIdentityParams(identity_id="$other")), user=user)
    assert current(world) == "cook"


@pytest.mark.parametrize("state", [state for state in S if state is not S.ARCHIVED], ids=str)
@pytest.mark.parametrize("phase", P, ids=str)
@pytest.mark.parametrize(
    "params",
    [
        NestIdentityParams(identity_id="$cook", parent_identity_id="$other"),
        CombineIdentitiesParams(identity_id_a="$other", identity_id_b="$cook"),
    ],
    ids=["nested", "combined"],
)
def test_next_when_the_current_identity_goes_into_another(
    params: ActionParams, phase: P, state: S, user: User
) -> None:
    world = World(user, start(state, phase=phase))
    perform_action(world.with_keys(params), user=user, phase=P.BRAINSTORMING_REVIEW)
    assert current(world) == ("other" if state in WHEN_THE_CURRENT_ONE_LEAVES[phase] else None)


@pytest.mark.parametrize("state", S, ids=str)
@pytest.mark.parametrize("phase", P, ids=str)
def test_next_when_a_phase_begins(phase: P, state: S, user: User) -> None:
    """The current identity has come all the way, so that it is never the next one itself."""
    before = P.GET_TO_KNOW_YOU if phase is P.INTRODUCTION else P.INTRODUCTION
    identities = {
        "cook": IdentityRow(name="Cook", state=S.VISUALIZATION_COMPLETE),
        "other": IdentityRow(name="Other", state=state),
    }
    coach_state = {"current_phase": before, "current_identity": "$cook"}
    world = World(user, Start(identities=identities, coach_state=coach_state))
    perform_action(TransitionPhaseParams(to_phase=phase), user=user)
    states = WHEN_A_PHASE_BEGINS[phase]
    if states is None:
        assert current(world) == "cook"
    else:
        assert current(world) == ("other" if state in states else None)


@pytest.mark.parametrize("state", S, ids=str)
@pytest.mark.parametrize("params_class", WHEN_ONE_IS_ACCEPTED, ids=lambda params: params.__name__)
def test_next_when_one_is_accepted(params_class: type[ActionParams], state: S, user: User) -> None:
    """The accepted one is never the next: it is no longer below the goal."""
    world = World(user, start(state))
    perform_action(world.with_keys(params_class.model_validate({"identity_id": "$cook"})), user=user)
    states = WHEN_ONE_IS_ACCEPTED[params_class]
    if states is None:
        assert current(world) == "cook"
    else:
        assert current(world) == ("other" if state in states else None)


@pytest.mark.parametrize("order", list(permutations(["first", "second", "third"])), ids="-".join)
def test_next_is_the_oldest_however_the_rows_came(order: tuple[str, ...], user: User) -> None:
    identities = {ref: IdentityRow(name=ref, state=S.ACCEPTED) for ref in ["first", "second", "third"]}
    world = World(user, Start(identities={"done": IdentityRow(name="Done", state=S.ARCHIVED), **identities}))
    for ref in order:  # rewritten rows move in the table
        perform_action(world.with_keys(AcceptIdentityRefinementParams(identity_id=f"${ref}")), user=user)
    perform_action(TransitionPhaseParams(to_phase=P.I_AM_STATEMENT), user=user)
    assert current(world) == "first"


def test_next_never_looks_at_another_users_identities(user: User, make_user: MakeUser) -> None:
    World(make_user(), start(S.PROPOSED))
    world = World(user, Start())
    perform_action(TransitionPhaseParams(to_phase=P.IDENTITY_REFINEMENT), user=user)
    assert current(world) is None


def test_accepting_the_last_commitment_and_moving_on_begins_with_the_oldest(user: User) -> None:
    """Both in one response: the canonical order puts the transition last, so that its NEXT is what stays."""
    identities = {
        "first": IdentityRow(name="First", state=S.COMMITMENT_COMPLETE),
        "last": IdentityRow(name="Last", state=S.REFINEMENT_COMPLETE),
    }
    coach_state = {"current_phase": P.IDENTITY_COMMITMENT, "current_identity": "$last"}
    world = World(user, Start(identities=identities, coach_state=coach_state))
    commitment = world.with_keys(AcceptIdentityCommitmentParams(identity_id="$last"))
    transition = TransitionPhaseParams(to_phase=P.I_AM_STATEMENT)
    accept(
        user,
        {"transition_phase": transition, "accept_identity_commitment": commitment},
        phase=P.IDENTITY_COMMITMENT,
    )
    drain(user)
    assert current(world) == "first"
    assert CoachState.objects.get(user=user).current_phase == P.I_AM_STATEMENT
