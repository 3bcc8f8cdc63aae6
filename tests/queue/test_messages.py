"""R8: an action that this worker does not know yet."""

from server.apps.actions.models import Action
from server.apps.users.models import User
from tests.processes import RoleProcess, wait_until
from tests.queue.conftest import Hold, is_running, note, wait_for_lane


def test_an_unknown_action_type_is_parked_and_released_when_it_is_known(
    user: User, workers: list[RoleProcess], busy: Hold
) -> None:
    with busy(user):
        note(user, "before")
        wait_until(lambda: is_running(user), "the action before")
        action = note(user, "from the future")
        Action.objects.filter(pk=action.pk).update(action_type="sing_a_song")
    wait_until(lambda: Action.objects.get(pk=action.pk).status == "parked", "the action is parked")
    parked = Action.objects.get(pk=action.pk)
    assert parked.attempt == 0
    assert parked.error_kind == "unknown_action"
    assert "sing_a_song" in parked.error_message
    Action.objects.filter(pk=action.pk).update(action_type="add_user_note")
    assert [a.status for a in wait_for_lane(user)] == ["succeeded"] * 2
