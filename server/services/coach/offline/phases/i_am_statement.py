"""I am: each identity gets a statement, which the coach reads back before it is final."""

import re

from server.models.coach_turn import CoachTurn, KnownIdentity
from server.services.action_handler.models.params import AcceptIAmStatementParams, UpdateIAmStatementParams
from server.services.action_handler.models.text import TEXT_LIMIT
from server.services.coach.offline import words
from server.services.coach.offline.answer import Answer, Heard, PhaseRules
from server.services.coach.offline.commands import beginning_only, keep_note
from server.services.coach.offline.goals import Work, ask_to_go_on, on_it, work_on
from server.services.coach.offline.identities import subject
from server.services.coach.offline.quoting import quoted

I_AM = re.compile(rf"(?:i am|i[{words.APOSTROPHES}]m)\s+\S.*", re.IGNORECASE | re.DOTALL)
STATEMENT = re.compile(r"statement:\s*(\S.*)", re.IGNORECASE | re.DOTALL)


def ask(turn: CoachTurn) -> str:
    identity = subject(turn)
    if identity is None:
        return ask_to_go_on(turn)
    if statement := identity.i_am_statement.strip():
        return (
            f"{quoted(identity.name)}: “{words.clip(statement, TEXT_LIMIT)}” Is that how you want to say it?"
        )
    return f"How would you say who you are as {quoted(identity.name)}? Begin with “I am …”."


def answer(turn: CoachTurn, heard: Heard) -> Answer:
    identity = subject(turn)
    statement = _statement(heard.text)
    if identity and statement:
        return on_it(turn, identity, _write_down(identity, statement))
    return work_on(turn, heard, WORK)


def accept(identity: KnownIdentity) -> AcceptIAmStatementParams | None:
    return AcceptIAmStatementParams(identity_id=identity.id) if identity.i_am_statement.strip() else None


def refuse(turn: CoachTurn, identity: KnownIdentity) -> Answer:
    return Answer("Then say it in other words, beginning with “I am …”.")


def take(turn: CoachTurn, identity: KnownIdentity, text: str) -> Answer:
    kept = keep_note(identity, text)
    return Answer(
        f"{kept.said} To make words your statement as they are, begin with “statement:”.", kept.actions
    )


def _statement(text: str) -> str:
    """What the user says as a statement: from "I am" on, or whatever follows "statement:"."""
    if match := STATEMENT.fullmatch(text):
        return match[1].strip()
    return text if I_AM.fullmatch(text) and not words.is_small_talk(text) else ""


def _write_down(identity: KnownIdentity, text: str) -> Answer:
    statement = words.clip(text, TEXT_LIMIT)
    if statement == identity.i_am_statement:
        return Answer()
    said = f"I will write that down.{beginning_only(text)}"
    return Answer(said, (UpdateIAmStatementParams(identity_id=identity.id, i_am_statement=statement),))


WORK = Work(
    accepted="I will keep it as it is.",
    accept=accept,
    refuse=refuse,
    take=take,
    encourage="One true sentence is enough.",
)
RULES = PhaseRules(
    ask=ask,
    answer=answer,
    help=(
        "Begin with “I am …”, or with “statement:” for words of any other shape; I read it back, and “yes” makes it "
        "final. Other words are kept as a note. “next” turns to another identity, “talk about A” to the one you name, "
        "“done” goes on."
    ),
)
