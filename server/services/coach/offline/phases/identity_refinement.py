"""Refinement: for each identity, a name that fits, and what it means to the user."""

import re

from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.params import AcceptIdentityRefinementParams
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import keep_note, rename
from server.services.coach.offline.goals import Work, ask_to_go_on, put_away, work_on
from server.services.coach.offline.identities import last_coach_text, subject
from server.services.coach.offline.names import names_in
from server.services.coach.offline.quoting import quoted

CALL_IT = re.compile(
    r"(?:no[,. ]+)?(?:please )?(?:call it|name it|rename it to|make it|change it to)[: ]\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)
PUT_AWAY = words.phrases("drop it, remove it, put it away, archive it, delete it, drop this one")
WHICH_NAME = "What would be a better name for it?"


def ask(turn: CoachTurn) -> str:
    identity = subject(turn)
    return ask_of(identity) if identity else ask_to_go_on(turn)


def ask_of(identity: KnownIdentity) -> str:
    name = quoted(identity.name)
    return f"Is {name} the name that fits best? Say “yes”, “call it …”, or tell me what it means to you."


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    identity = subject(turn)
    if identity and words.plain(heard.text) in PUT_AWAY:
        return put_away(turn, identity)
    return work_on(turn, heard, WORK)


def refuse(turn: CoachTurn, identity: KnownIdentity) -> Answer:
    return Answer(WHICH_NAME)


def take(turn: CoachTurn, identity: KnownIdentity, text: str) -> Answer:
    """A new name, where the text gives one, else a note in the user's words."""
    if match := CALL_IT.fullmatch(text):
        return rename(turn, identity, match[1])
    if WHICH_NAME in last_coach_text(turn) and (names := names_in(text)):
        return rename(turn, identity, names[0])
    return keep_note(identity, text)


WORK = Work(
    accepted="{} it is.",
    accept=lambda identity: AcceptIdentityRefinementParams(identity_id=identity.id),
    refuse=refuse,
    take=take,
    encourage="Listen to how the name sounds when you say it of yourself.",
)
RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "We look at one identity at a time. “yes” when its name fits, “call it …” for a better one, anything else is "
        "kept as a note with it. “drop it” puts it away, “next” turns to another, “talk about A” to the one you name, "
        "“done” goes on with things as they are."
    ),
)
