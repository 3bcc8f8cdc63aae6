"""Where the user stands: phase, focus, skipped categories, lists, questions, current identity."""

import pytest

from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.enums.identity_state import IdentityState
from server.services.action_handler.models.params import (
    SelectIdentityFocusParams,
    SetCurrentIdentityParams,
    SkipIdentityCategoryParams,
    TransitionPhaseParams,
    UnskipIdentityCategoryParams,
    UpdateAskedQuestionsParams,
    UpdateWhoYouAreParams,
    UpdateWhoYouWantToBeParams,
)
from tests.actions.cases import Case, IdentityRow, Start, check, skipped

SPIRITUAL = IdentityCategory.SPIRITUAL
MAKER = IdentityCategory.MAKER_OF_MONEY
DOER = IdentityCategory.DOER_OF_THINGS
FAMILY = GetToKnowYouQuestion.FAMILY_STRUCTURE
HOPES = GetToKnowYouQuestion.WHY_HERE_HOPES

TWO = Start(
    identities={"cook": IdentityRow(name="Cook"), "baker": IdentityRow(name="Baker")},
    coach_state={"current_identity": "$cook"},
)


def at(**coach_state: object) -> Start:
    return Start(coach_state=coach_state)


def are(*entries: str) -> UpdateWhoYouAreParams:
    return UpdateWhoYouAreParams(who_you_are=list(entries))


def want(*entries: str) -> UpdateWhoYouWantToBeParams:
    return UpdateWhoYouWantToBeParams(who_you_want_to_be=list(entries))


CASES = [
    Case(
        name="to another phase",
        params=TransitionPhaseParams(to_phase=CoachingPhase.GET_TO_KNOW_YOU),
        summary="Moved from the phase Introduction to Get to Know You.",
        changes={"state.current_phase": CoachingPhase.GET_TO_KNOW_YOU},
    ),
    Case(
        name="back to an earlier phase",
        params=TransitionPhaseParams(to_phase=CoachingPhase.IDENTITY_BRAINSTORMING),
        start=at(current_phase=CoachingPhase.IDENTITY_VISUALIZATION),
        summary="Moved from the phase Identity Visualization to Identity Brainstorming.",
        changes={"state.current_phase": CoachingPhase.IDENTITY_BRAINSTORMING},
    ),
    Case(
        name="refinement accepts what is proposed",
        params=TransitionPhaseParams(to_phase=CoachingPhase.IDENTITY_REFINEMENT),
        start=Start(
            identities={
                "old": IdentityRow(name="Old", state=IdentityState.ARCHIVED),
                "done": IdentityRow(name="Done", state=IdentityState.REFINEMENT_COMPLETE),
                "cook": IdentityRow(name="Cook"),
                "baker": IdentityRow(name="Baker"),
                "smith": IdentityRow(name="Smith", state=IdentityState.ACCEPTED),
            },
            coach_state={"current_phase": CoachingPhase.BRAINSTORMING_REVIEW, "current_identity": "$done"},
        ),
        summary="Moved from the phase Brainstorming Review to Identity Refinement.",
        changes={
            "state.current_phase": CoachingPhase.IDENTITY_REFINEMENT,
            "state.current_identity": "cook",
            "cook.state": IdentityState.ACCEPTED,
            "baker.state": IdentityState.ACCEPTED,
        },
    ),
    skipped(
        "the same phase",
        TransitionPhaseParams(to_phase=CoachingPhase.I_AM_STATEMENT),
        "The phase is I Am Statement already.",
        at(current_phase=CoachingPhase.I_AM_STATEMENT),
    ),
    Case(
        name="another category",
        params=SelectIdentityFocusParams(category=SPIRITUAL),
        summary="Turned the focus to Spiritual.",
        changes={"state.identity_focus": SPIRITUAL},
    ),
    skipped(
        "the same category",
        SelectIdentityFocusParams(category=IdentityCategory.PASSIONS_AND_TALENTS),
        "The focus is on Passions and Talents already.",
    ),
    Case(
        name="goes to the end, not into walking order",
        params=SkipIdentityCategoryParams(category=MAKER),
        start=at(skipped_identity_categories=[SPIRITUAL]),
        summary="Left out the category Maker of Money.",
        changes={"state.skipped_identity_categories": [SPIRITUAL, MAKER]},
    ),
    skipped(
        "left out already",
        SkipIdentityCategoryParams(category=SPIRITUAL),
        "The category Spiritual is left out already.",
        at(skipped_identity_categories=[SPIRITUAL]),
    ),
    Case(
        name="the others stay in order",
        params=UnskipIdentityCategoryParams(category=MAKER),
        start=at(skipped_identity_categories=[SPIRITUAL, MAKER, DOER]),
        summary="Took in the category Maker of Money again.",
        changes={"state.skipped_identity_categories": [SPIRITUAL, DOER]},
    ),
    skipped(
        "not left out",
        UnskipIdentityCategoryParams(category=MAKER),
        "The category Maker of Money is not left out.",
        at(skipped_identity_categories=[SPIRITUAL]),
    ),
    Case(
        name="replaces the list, repeats dropped",
        params=are("Father", " Cook ", "father", "Cook"),
        start=at(who_you_are=["Smith"]),
        summary='The list "Who you are" now reads "Father", "Cook" and "father".',
        changes={"state.who_you_are": ["Father", "Cook", "father"]},
    ),
    Case(
        name="another order is another list",
        params=are("Cook", "Father"),
        start=at(who_you_are=["Father", "Cook"]),
        summary='The list "Who you are" now reads "Cook" and "Father".',
        changes={"state.who_you_are": ["Cook", "Father"]},
    ),
    Case(
        name="emptied",
        params=are(),
        start=at(who_you_are=["Father"]),
        summary='Emptied the list "Who you are".',
        changes={"state.who_you_are": []},
    ),
    Case(
        name="a hundred entries of 255 characters",
        params=are(*(f"{number:0255}" for number in range(100))),
        summary=(
            'The list "Who you are" now reads ' + ", ".join(['"' + "0" * 79 + '…"'] * 5) + " and 95 more."
        ),
        changes={"state.who_you_are": [f"{number:0255}" for number in range(100)]},
    ),
    skipped(
        "the same list",
        are("Father", "Cook ", "Father"),
        'The list "Who you are" reads so already.',
        at(who_you_are=["Father", "Cook"]),
    ),
    skipped("empty already", are(), 'The list "Who you are" reads so already.'),
    Case(
        name="replaces the list, repeats dropped",
        params=want("Free", "Free"),
        start=at(who_you_want_to_be=["Rich"], who_you_are=["Free"]),
        summary='The list "Who you want to be" now reads "Free".',
        changes={"state.who_you_want_to_be": ["Free"]},
    ),
    Case(
        name="emptied",
        params=want(),
        start=at(who_you_want_to_be=["Rich"]),
        summary='Emptied the list "Who you want to be".',
        changes={"state.who_you_want_to_be": []},
    ),
    skipped(
        "the same list",
        want("Free"),
        'The list "Who you want to be" reads so already.',
        at(who_you_want_to_be=["Free"]),
    ),
    Case(
        name="goes to the end",
        params=UpdateAskedQuestionsParams(asked_question=FAMILY),
        start=at(asked_questions=[HOPES]),
        summary="Asked the question Family Structure.",
        changes={"state.asked_questions": [HOPES, FAMILY]},
    ),
    skipped(
        "asked already",
        UpdateAskedQuestionsParams(asked_question=FAMILY),
        "The question Family Structure was asked already.",
        at(asked_questions=[FAMILY]),
    ),
    Case(
        name="another one",
        params=SetCurrentIdentityParams(identity_id="$baker"),
        start=TWO,
        summary='Made "Baker" the current identity.',
        changes={"state.current_identity": "baker"},
    ),
    skipped(
        "the same one",
        SetCurrentIdentityParams(identity_id="$cook"),
        'The current identity is "Cook" already.',
        TWO,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_coach_state(case: Case, user: User) -> None:
    check(case, user)


def test_a_change_of_the_coach_state_is_dated(user: User) -> None:
    before = user.coach_state.updated_at
    check(CASES[0], user)
    user.coach_state.refresh_from_db()
    assert user.coach_state.updated_at > before
