"""Raising an identity on the ladder."""

import pytest

from server.apps.users.models import User
from server.enums.error_kind import ErrorKind
from server.enums.identity_state import LADDER, IdentityState
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.params import (
    AcceptIAmStatementParams,
    AcceptIdentityCommitmentParams,
    AcceptIdentityParams,
    AcceptIdentityRefinementParams,
    AcceptIdentityVisualizationParams,
)
from tests.actions.cases import Case, IdentityRow, Start, check, rejected, skipped

GOALS: list[tuple[type[ActionParams], IdentityState, str]] = [
    (AcceptIdentityParams, IdentityState.ACCEPTED, 'Accepted the identity "Cook".'),
    (
        AcceptIdentityRefinementParams,
        IdentityState.REFINEMENT_COMPLETE,
        'Completed the refinement of the identity "Cook".',
    ),
    (
        AcceptIdentityCommitmentParams,
        IdentityState.COMMITMENT_COMPLETE,
        'Completed the commitment to the identity "Cook".',
    ),
    (
        AcceptIAmStatementParams,
        IdentityState.I_AM_COMPLETE,
        'Completed the "I am" statement of the identity "Cook".',
    ),
    (
        AcceptIdentityVisualizationParams,
        IdentityState.VISUALIZATION_COMPLETE,
        'Completed the visualization of the identity "Cook".',
    ),
]


def cook(state: IdentityState, i_am_statement: str = "I am a cook.") -> Start:
    return Start(identities={"cook": IdentityRow(name="Cook", state=state, i_am_statement=i_am_statement)})


def from_every_state(params_class: type[ActionParams], goal: IdentityState, summary: str) -> list[Case]:
    """Raised from every state below the goal, skipped at every other."""
    params = params_class.model_validate({"identity_id": "$cook"})
    below = LADDER[: LADDER.index(goal)]
    return [
        Case(
            name=f"from {state}",
            params=params,
            start=cook(state),
            summary=summary,
            changes={"cook.state": goal},
        )
        if state in below
        else skipped(f"at {state}", params, f'The identity "Cook" is at {state.label} already.', cook(state))
        for state in LADDER
    ]


CASES = [case for goal in GOALS for case in from_every_state(*goal)] + [
    rejected(
        "without a statement",
        AcceptIAmStatementParams(identity_id="$cook"),
        'The identity "Cook" has no "I am" statement yet.',
        cook(IdentityState.COMMITMENT_COMPLETE, i_am_statement=""),
        ErrorKind.CONFLICT,
    ),
    skipped(
        "there already, without a statement",
        AcceptIAmStatementParams(identity_id="$cook"),
        'The identity "Cook" is at I Am Complete already.',
        cook(IdentityState.I_AM_COMPLETE, i_am_statement=""),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_ladder(case: Case, user: User) -> None:
    check(case, user)
