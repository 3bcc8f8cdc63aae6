"""The example of each action's page does what the page says."""

import re

import pytest

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.cli.response_file import read_responses
from server.enums.action_type import ActionType
from server.enums.identity_category import IdentityCategory
from server.testing.perform import perform_action
from tests.contracts.sources import ROOT
from tools.action_pages import page_of, section
from tools.example_responses import (
    IDENTITY_ID,
    OTHER_IDENTITY_ID,
    USER_NOTE_ID,
    example_params,
    path_of,
)


def stand(user: User) -> None:
    """The rows that the examples speak of. Their ids are the same in each: those of the last example go first."""
    Identity.objects.filter(id__in=[IDENTITY_ID, OTHER_IDENTITY_ID]).delete()
    UserNote.objects.filter(id=USER_NOTE_ID).delete()
    passion, money = IdentityCategory.PASSIONS_AND_TALENTS, IdentityCategory.MAKER_OF_MONEY
    words = {"i_am_statement": "I am at home at night.", "category": passion}
    Identity.objects.create(id=IDENTITY_ID, user=user, name="Cook", **words)
    Identity.objects.create(id=OTHER_IDENTITY_ID, user=user, name="Nurse", category=money)
    UserNote.objects.create(id=USER_NOTE_ID, user=user, note="Would rather write than talk.")
    left_out = [IdentityCategory.KEEPER_OF_MONEY]
    CoachState.objects.filter(user=user).update(skipped_identity_categories=left_out)


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_the_example_is_applied_and_logs_what_the_page_says(action_type: ActionType, user: User) -> None:
    stand(user)

    action = perform_action(example_params(action_type), user=user)

    path = page_of(action_type)
    logged = section(path, (ROOT / path).read_text(encoding="utf-8"), "What it logs")
    said = re.findall(r"^> (.+)$", logged, re.MULTILINE)
    assert action.status == "succeeded", action.result_summary
    assert said[:1] == [action.result_summary], f"mend 'What it logs' in {path}"


@pytest.mark.parametrize("action_type", ActionType, ids=str)
def test_the_file_of_an_example_is_one_that_can_be_submitted(action_type: ActionType) -> None:
    (response,) = read_responses(ROOT / path_of(action_type))

    (proposed,) = response.actions()
    assert (proposed.action_type, proposed.params) == (action_type, example_params(action_type))
