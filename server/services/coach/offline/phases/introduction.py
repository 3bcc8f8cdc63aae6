"""Introduction: greet, say what this is, learn the user's name, begin when they are ready."""

import re

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.everywhere import go_to, keep_name, name_in, name_note, remember
from server.services.coach.offline.identities import last_coach_text

GREETING = (
    "Welcome, it is good to have you here. I am your identity coach. Together we will find the identities that make "
    "up who you are and who you want to be, choose the ones you stand for, and give each of them words and a picture. "
    "We take it one question at a time, at your pace."
)
BEGIN = (
    "Lovely. First I would like to get to know you a little: five questions, and you may skip any of them."
)
ASK_NAME = "What may I call you? (Or say “ready” to begin at once.)"
NAMED = re.compile(
    r"(?:(?:hi|hello|hey)[,!. ]+)?"
    rf"(?:my name is|i am|i[{words.APOSTROPHES}]m|it[{words.APOSTROPHES}]s|this is)\s+([^.,;!?\n]{{1,60}})[.!]?",
    re.IGNORECASE,
)
NAME_WORDS = 3


def ask(turn: CoachTurn) -> str:
    if note := name_note(turn):
        return f"Are you ready to begin, {name_in(note.note)}?"
    return f"Are you ready to begin, {words.clip(turn.first_name, 80)}?" if turn.first_name else ASK_NAME


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    is_first = not last_coach_text(turn)
    if heard.answers and (words.says_yes(heard.text) or words.moves_on(heard.text)):
        return go_to(CoachingPhase.GET_TO_KNOW_YOU, BEGIN)
    if name := _name(turn, heard):
        kept = keep_name(turn, name)
        return Answer(f"{GREETING}\n\n{kept.said}" if is_first else kept.said, kept.actions)
    if is_first or words.is_greeting(heard.text) or words.is_question(heard.text):
        return Answer(GREETING)
    if heard.no:
        return Answer("There is no hurry. I am here when you are ready.")
    return Answer() if words.is_small_talk(heard.text) else remember(heard.text)


def _name(turn: CoachTurn, heard: Heard) -> str:
    """The name that the user gives: after "my name is", or as the bare answer to the question for it."""
    if words.is_small_talk(heard.text):
        return ""
    match = NAMED.fullmatch(heard.text)
    told = match[1] if match else heard.text
    is_bare_answer = heard.answers and ask(turn) == ASK_NAME
    if not (match or is_bare_answer) or len(told.split()) > NAME_WORDS or words.is_small_talk(told):
        return ""
    return told.strip(" .,!") if len(told) <= words.SHORT else ""


RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help="We are just getting started. Tell me what to call you, and say “ready” when you want to begin.",
)
