"""R5: a user's actions run one at a time, in order; users do not wait for each other."""

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, pairwise

from django.db import connection

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.models.coach_chat_response import CoachChatResponse
from server.services.action_handler.models.params import AddUserNoteParams, SelectIdentityFocusParams
from server.services.action_queue.accept import accept_response
from server.testing.perform import accept
from tests.conftest import MakeUser
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import Hold, wait_for_lane


def test_keys_in_any_order_are_applied_in_enum_order(user: User, workers: list[RoleProcess]) -> None:
    response = CoachChatResponse.model_validate_json(
        '{"add_user_note": {"params": {"note": "likes gardens"}},'
        ' "transition_phase": {"params": {"to_phase": "identity_brainstorming"}},'
        ' "message": "…"}'
    )
    accept_response(user, response)
    actions = wait_for_lane(user)
    assert [a.action_type for a in actions] == ["transition_phase", "add_user_note"]
    assert [a.position for a in actions] == [0, 1]
    assert actions[0].finished_at <= actions[1].started_at  # type: ignore[operator]


def test_committing_the_last_one_and_moving_on_ends_at_the_oldest_below(
    user: User, workers: list[RoleProcess]
) -> None:
    first, last = (_identity(user, name, IdentityState.COMMITMENT_COMPLETE) for name in ("First", "Last"))
    Identity.objects.filter(pk=last.pk).update(state=IdentityState.REFINEMENT_COMPLETE)
    CoachState.objects.filter(user=user).update(current_phase=CoachingPhase.IDENTITY_COMMITMENT)
    response = CoachChatResponse.model_validate(
        {
            "message": "…",
            "transition_phase": {"params": {"to_phase": "i_am_statement"}},
            "accept_identity_commitment": {"params": {"identity_id": str(last.id)}},
        }
    )
    accept_response(user, response)
    assert [a.status for a in wait_for_lane(user)] == ["succeeded", "succeeded"]
    coach_state = CoachState.objects.get(user=user)
    assert coach_state.current_phase == CoachingPhase.I_AM_STATEMENT
    assert coach_state.current_identity_id == first.id


def test_two_responses_posted_together_never_interleave(user: User, workers: list[RoleProcess]) -> None:
    def post(number: int) -> None:
        try:
            accept(
                user,
                {
                    "select_identity_focus": SelectIdentityFocusParams(category=IdentityCategory.SPIRITUAL),
                    "add_user_note": AddUserNoteParams(note=f"note {number}"),
                },
                phase=CoachingPhase.IDENTITY_BRAINSTORMING,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, range(16)))
    actions = wait_for_lane(user)
    runs = [message for message, _ in groupby(actions, key=lambda action: action.coach_message_id)]
    assert len(runs) == len(set(runs)) == 16
    by_start = sorted(actions, key=lambda action: action.started_at)  # type: ignore[arg-type,return-value]
    assert [a.id for a in by_start] == [a.id for a in actions]
    assert all(
        before.finished_at <= after.started_at  # type: ignore[operator]
        for before, after in pairwise(by_start)
    )


def test_a_user_whose_action_hangs_holds_up_nobody_else(
    make_user: MakeUser, workers: list[RoleProcess], busy: Hold
) -> None:
    stuck, other = make_user(), make_user()
    with busy(stuck):
        accept(stuck, {"add_user_note": AddUserNoteParams(note="slow")})
        wait_until(lambda: Action.objects.filter(user=stuck, status="running").exists(), "the stuck one runs")
        accept(other, {"add_user_note": AddUserNoteParams(note="quick")})
        assert [a.status for a in wait_for_lane(other, timeout_s=5)] == ["succeeded"]
        assert Action.objects.get(user=stuck).status == "running"
    assert [a.status for a in wait_for_lane(stuck)] == ["succeeded"]


def test_an_action_deleted_from_its_lane_lets_it_go_on(
    user: User, workers: list[RoleProcess], busy: Hold
) -> None:
    with busy(user):
        for note in ("one", "two", "three"):
            accept(user, {"add_user_note": AddUserNoteParams(note=note)})
        Action.objects.filter(user=user).newest_first()[1:2].get().delete()
    assert [a.status for a in wait_for_lane(user)] == ["succeeded", "succeeded"]


def _identity(user: User, name: str, state: IdentityState) -> Identity:
    return Identity.objects.create(user=user, name=name, category=IdentityCategory.SPIRITUAL, state=state)
