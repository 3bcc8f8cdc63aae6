"""Whatever the user says, wherever they stand: the response is valid, allowed, and can be performed."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.models.coach_chat_response import CoachChatResponse
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.text import MESSAGE_LIMIT
from server.services.action_queue.accept import Provenance, accept_response, accept_user_message
from server.services.coach.offline.coach import respond
from server.services.coach.offline.rules import RULES
from server.services.prompt_manager.phases import allowed_actions
from server.testing.perform import wire
from tests.coach.conversation import Conversation
from tests.coach.strategies import TEXT, turns
from tests.conftest import MakeUser


@given(turns())
@settings(
    deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_response_is_valid_allowed_within_the_limits_and_always_the_same(turn: CoachTurn) -> None:
    response = respond(turn)
    assert {one.action_type for one in response.actions()} <= allowed_actions(turn.phase)
    for action in response.actions():
        action.params.cleaned()  # raises for what would be rejected
    assert 0 < len(response.message) <= MESSAGE_LIMIT
    again = CoachChatResponse.model_validate_json(response.model_dump_json())
    assert again.actions() == response.actions()
    assert respond(turn) == response


@given(turns(TEXT), st.lists(TEXT, min_size=1, max_size=3))
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # every example makes a user of its own
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
def test_no_action_of_the_offline_coach_ends_badly(
    make_user: MakeUser, turn: CoachTurn, texts: list[str]
) -> None:
    user = make_user(first_name=turn.first_name)
    _store(user, turn)
    Conversation(user).say_all(*texts)


def _store(user: User, turn: CoachTurn) -> None:
    """The user's rows as the turn has them, and a coach who has just asked."""
    rows = {one.id: _identity(user, turn, place) for place, one in enumerate(turn.identities)}
    UserNote.objects.bulk_create(UserNote(user=user, note=one.note) for one in turn.user_notes)
    CoachState.objects.get(user=user).change(
        current_phase=turn.phase,
        identity_focus=turn.identity_focus,
        current_identity=rows.get(turn.current_identity_id or ""),
        skipped_identity_categories=list(turn.skipped_identity_categories),
        who_you_are=list(turn.who_you_are),
        who_you_want_to_be=list(turn.who_you_want_to_be),
        asked_questions=list(turn.asked_questions),
    )
    for said in turn.messages[:-1]:
        accept_user_message(user, said.content)
    accept_response(user, wire({}, RULES[turn.phase].ask(turn)), Provenance(phase=turn.phase))


def _identity(user: User, turn: CoachTurn, place: int) -> Identity:
    one = turn.identities[place]
    return Identity.objects.create(
        user=user,
        name=one.name,
        category=one.category,
        state=one.state,
        i_am_statement=one.i_am_statement,
        visualization=one.visualization,
    )
