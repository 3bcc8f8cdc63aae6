"""Get to know you: five questions, one after the other; each answer is remembered in the user's words."""

from collections.abc import Mapping

from server.enums.coaching_phase import CoachingPhase
from server.enums.get_to_know_you_question import GetToKnowYouQuestion
from server.models.coach_turn import CoachTurn
from server.services.action_handler.models.params import UpdateAskedQuestionsParams
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import beginning_only
from server.services.coach.offline.everywhere import go_to, remember
from server.services.coach.offline.expectation import expect

QUESTIONS: Mapping[GetToKnowYouQuestion, str] = {
    GetToKnowYouQuestion.BACKGROUND_UPBRINGING: "Where do you come from, and what was growing up like for you?",
    GetToKnowYouQuestion.FAMILY_STRUCTURE: "Who belongs to your family, as you see it?",
    GetToKnowYouQuestion.WORK_LIVING: "What do you do for a living, or with most of your days?",
    GetToKnowYouQuestion.HOBBIES_INTERESTS: "What do you love to do when the time is your own?",
    GetToKnowYouQuestion.WHY_HERE_HOPES: "What brings you here, and what do you hope for?",
}
TOPICS: Mapping[GetToKnowYouQuestion, str] = {
    GetToKnowYouQuestion.BACKGROUND_UPBRINGING: "Background and upbringing",
    GetToKnowYouQuestion.FAMILY_STRUCTURE: "Family",
    GetToKnowYouQuestion.WORK_LIVING: "Work and living",
    GetToKnowYouQuestion.HOBBIES_INTERESTS: "Hobbies and interests",
    GetToKnowYouQuestion.WHY_HERE_HOPES: "Why here, and hopes",
}
THANKS: Mapping[GetToKnowYouQuestion, str] = {
    GetToKnowYouQuestion.BACKGROUND_UPBRINGING: "Thank you for letting me in. I will remember that.",
    GetToKnowYouQuestion.FAMILY_STRUCTURE: "Good to know who is around you; I will keep that in mind.",
    GetToKnowYouQuestion.WORK_LIVING: "Thank you, I will note that.",
    GetToKnowYouQuestion.HOBBIES_INTERESTS: "Lovely. I will remember that too.",
    GetToKnowYouQuestion.WHY_HERE_HOPES: "Thank you for telling me; I will hold on to that.",
}
ASK_TO_GO_ON = "Those were my five questions. Shall we go on?"
WARM_UP = "Now comes a little warm-up, with nothing to get wrong."
REASSURANCE = "I ask so that what we find fits your life; say as much or as little as you like, or “skip”."


def ask(turn: CoachTurn) -> str:
    question = _open_question(turn)
    return QUESTIONS[question] if question else ASK_TO_GO_ON


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    question = _open_question(turn)
    if question is None:
        goes_on = heard.yes or words.moves_on(heard.text)
        return go_to(CoachingPhase.IDENTITY_WARM_UP, WARM_UP) if goes_on else _kept(heard)
    if words.says_done(heard.text):
        return go_to(
            CoachingPhase.IDENTITY_WARM_UP, "Then let us leave the questions. A little warm-up comes next."
        )
    if not heard.answers or words.is_silent(heard.text):
        return Answer()
    if _is_doubt(heard.text):
        return Answer(REASSURANCE)
    return _after(turn, question, _told(question, heard))


def _is_doubt(text: str) -> bool:
    return words.is_unsure(text) or (words.is_question(text) and len(text) <= words.SHORT)


def _told(question: GetToKnowYouQuestion, heard: Heard) -> Answer:
    if words.says_skip(heard.text) or words.says_next(heard.text):
        return Answer("That is fine, we leave that one.")
    kept = remember(heard.text, topic=TOPICS[question])
    return Answer(f"{THANKS[question]}{beginning_only(heard.text)}", kept.actions)


def _after(turn: CoachTurn, question: GetToKnowYouQuestion, told: Answer) -> Answer:
    """The question is done with; after the last one, on to the warm-up."""
    asked = UpdateAskedQuestionsParams(asked_question=question)
    if _open_question(expect(turn, (asked,))) is not None:
        return Answer(told.said, (*told.actions, asked))
    onward = go_to(CoachingPhase.IDENTITY_WARM_UP, WARM_UP)
    return Answer(f"{told.said}\n\n{onward.said}", (*told.actions, asked, *onward.actions))


def _kept(heard: Heard) -> Answer:
    return Answer() if words.is_small_talk(heard.text) else remember(heard.text)


def _open_question(turn: CoachTurn) -> GetToKnowYouQuestion | None:
    return next((question for question in GetToKnowYouQuestion if question not in turn.asked_questions), None)


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help="I have five questions about you. Answer in your own words; “skip” leaves one out, “done” all that are left.",
)
