"""The mix: every user walks the ten phases once, and each of the 24 actions comes up once on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.people import Person
from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.enums.identity_category import IdentityCategory
from server.models.coach_chat_response import ChatResponse, CoachChatResponse

ACTIONS_PER_PERSON = len(ActionType)

Params = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One response for one user, in the phase that the coach was asked in."""

    person: Person
    phase: CoachingPhase
    response: ChatResponse


def backlog(cohorts: Sequence[Sequence[Person]]) -> Iterator[Turn]:
    """The responses in the order in which they are accepted.

    In a cohort everyone takes their first turn, then everyone their second, and so on; cohorts follow each other, so
    that a few of them are the same mix as all.
    """
    for cohort in cohorts:
        walks = [walk(person) for person in cohort]
        for turns in zip(*walks, strict=True):
            yield from turns


def walk(person: Person) -> list[Turn]:
    """The user's ten turns. Run in order, every action is applied: none is skipped, none rejected."""
    return [
        Turn(person=person, phase=phase, response=_response(steps)) for phase, steps in _steps(person).items()
    ]


def _response(steps: dict[ActionType, Params]) -> ChatResponse:
    actions = {action_type.value: {"params": params} for action_type, params in steps.items()}
    return CoachChatResponse.model_validate({"message": "Go on.", **actions})


def _steps(person: Person) -> dict[CoachingPhase, dict[ActionType, Params]]:
    hero = {"identity_id": person.hero}
    skipped = {"category": IdentityCategory.SPIRITUAL}
    return {
        CoachingPhase.INTRODUCTION: {
            ActionType.ADD_USER_NOTE: {"note": "Works nights at the harbour."},
        },
        CoachingPhase.GET_TO_KNOW_YOU: {
            ActionType.UPDATE_ASKED_QUESTIONS: {"asked_question": GetToKnowYouQuestion.WORK_LIVING},
            ActionType.UPDATE_USER_NOTE: {"user_note_id": person.note_to_mend, "note": "Has two sisters."},
        },
        CoachingPhase.IDENTITY_WARM_UP: {
            ActionType.UPDATE_WHO_YOU_ARE: {"who_you_are": ["A gardener", "A father", "A night owl"]},
            ActionType.UPDATE_WHO_YOU_WANT_TO_BE: {"who_you_want_to_be": ["A teacher", "An early riser"]},
        },
        CoachingPhase.IDENTITY_BRAINSTORMING: {
            ActionType.CREATE_IDENTITY: {
                "name": "Story Collector",
                "category": IdentityCategory.FAMILIAL_RELATIONS,
                "note": "Writes down what the old ones tell.",
            },
            ActionType.UPDATE_IDENTITY_NAME: {**hero, "name": "Night Gardener"},
            ActionType.ADD_IDENTITY_NOTE: {**hero, "note": "Plants by moonlight, when the street is quiet."},
            ActionType.ACCEPT_IDENTITY: hero,
            ActionType.SELECT_IDENTITY_FOCUS: {"category": IdentityCategory.FAMILIAL_RELATIONS},
            ActionType.SKIP_IDENTITY_CATEGORY: skipped,
            ActionType.UNSKIP_IDENTITY_CATEGORY: skipped,
        },
        CoachingPhase.BRAINSTORMING_REVIEW: {
            ActionType.NEST_IDENTITY: {"identity_id": person.part, "parent_identity_id": person.whole},
            ActionType.COMBINE_IDENTITIES: {"identity_id_a": person.left, "identity_id_b": person.right},
            ActionType.TRANSITION_PHASE: {"to_phase": CoachingPhase.IDENTITY_REFINEMENT},
        },
        CoachingPhase.IDENTITY_REFINEMENT: {
            ActionType.ACCEPT_IDENTITY_REFINEMENT: hero,
            ActionType.ARCHIVE_IDENTITY: {"identity_id": person.unwanted},
        },
        CoachingPhase.ANYTHING_MISSING: {
            ActionType.DELETE_USER_NOTE: {"user_note_id": person.note_to_forget},
        },
        CoachingPhase.IDENTITY_COMMITMENT: {
            ActionType.ACCEPT_IDENTITY_COMMITMENT: hero,
        },
        CoachingPhase.I_AM_STATEMENT: {
            ActionType.UPDATE_I_AM_STATEMENT: {
                **hero,
                "i_am_statement": "I am the one who makes the dark bloom.",
            },
            ActionType.ACCEPT_I_AM_STATEMENT: hero,
        },
        CoachingPhase.IDENTITY_VISUALIZATION: {
            ActionType.UPDATE_IDENTITY_VISUALIZATION: {
                **hero,
                "visualization": "A lamp, wet earth, nobody in a hurry.",
            },
            ActionType.ACCEPT_IDENTITY_VISUALIZATION: hero,
            # The visualization just made another one current: the actions run in this order.
            ActionType.SET_CURRENT_IDENTITY: hero,
        },
    }
