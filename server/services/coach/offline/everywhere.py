"""What the user can say in every phase: help, list, back, go to, call me, remember, forget."""

import re
from collections.abc import Callable, Sequence

from server.enums.coaching_phase import CoachingPhase
from server.models.coach_turn import CoachTurn, KnownNote
from server.services.action_handler.models.params import (
    AddUserNoteParams,
    DeleteUserNoteParams,
    TransitionPhaseParams,
    UpdateUserNoteParams,
)
from server.services.action_handler.models.text import NAME_LIMIT, TEXT_LIMIT
from server.services.coach.offline.answer import Answer
from server.services.coach.offline.commands import beginning_only
from server.services.coach.offline.identities import live
from server.services.coach.offline.quoting import quoted
from server.services.coach.offline.words import clip, is_lone_question_mark, is_silent, plain

HELP = (
    "In every phase you can say “list” to see your identities and what I remember, “remember: …” or “forget: …”, "
    "“call me …”, “back”, or “go to” and the name of a phase."
)
NAME_NOTE = "Name: "
LISTED = 20
PHASES: Sequence[CoachingPhase] = list(CoachingPhase)

HELP_WORDS = frozenset({"help", "help me", "what can i say", "what can i do", "commands"})
LIST_WORDS = frozenset({"list", "show", "show me", "list them", "what do we have", "what do i have"})
BACK_WORDS = frozenset({"back", "go back", "previous phase"})

GO_TO = re.compile(r"(?:go|take me|move) (?:back )?to (?:the )?(?P<phase>.{1,40}?)(?: phase)?", re.IGNORECASE)
CALL_ME = re.compile(r"(?:please )?call me (?P<name>[^.,;!?\n]{1,60})[.!]?", re.IGNORECASE)
REMEMBER = re.compile(r"(?:remember|note):\s*(?P<note>.+)", re.IGNORECASE | re.DOTALL)
FORGET = re.compile(r"forget:\s*(?P<note>.+)", re.IGNORECASE | re.DOTALL)


def everywhere(turn: CoachTurn, text: str, help_of_phase: str) -> Answer | None:
    """What a word that is understood in every phase leads to; None for any other text."""
    said = plain(text)
    if said in HELP_WORDS or is_lone_question_mark(text):
        return Answer(f"{help_of_phase}\n\n{HELP}")
    if said in LIST_WORDS:
        return Answer(_listed(turn))
    if said in BACK_WORDS:
        return _back(turn)
    return _first_match(turn, text)


def is_everywhere(text: str) -> bool:
    """Whether the text reads like one of these words."""
    said = plain(text)
    is_word = said in HELP_WORDS | LIST_WORDS | BACK_WORDS
    return is_word or any(pattern.fullmatch(text) for pattern in (GO_TO, CALL_ME, REMEMBER, FORGET))


def go_to(phase: CoachingPhase, said: str) -> Answer:
    """Move to another phase."""
    return Answer(said, (TransitionPhaseParams(to_phase=phase),))


def keep_name(turn: CoachTurn, name: str) -> Answer:
    """Remember what the user wants to be called, in one note."""
    note = NAME_NOTE + clip(" ".join(name.split()), NAME_LIMIT)
    old = name_note(turn)
    said = f"I will call you {name_in(note)}."
    if old is None:
        return Answer(said, (AddUserNoteParams(note=note),))
    return Answer(said, () if old.note == note else (UpdateUserNoteParams(user_note_id=old.id, note=note),))


def name_note(turn: CoachTurn) -> KnownNote | None:
    """The note that keeps the user's name."""
    return next((note for note in turn.user_notes if note.note.startswith(NAME_NOTE)), None)


def name_in(note: str) -> str:
    return clip(note.removeprefix(NAME_NOTE), 80)


def remember(text: str, *, topic: str = "") -> Answer:
    """Keep the user's words in a note about them, headed by the topic if one is given."""
    note = clip(f"{topic}: {text}" if topic else text, TEXT_LIMIT)
    return Answer(f"I will remember that.{beginning_only(text)}", (AddUserNoteParams(note=note),))


def _first_match(turn: CoachTurn, text: str) -> Answer | None:
    rules: list[tuple[re.Pattern[str], Callable[[CoachTurn, str], Answer | None]]] = [
        (GO_TO, _go_to),
        (CALL_ME, keep_name),
        (REMEMBER, _remember),
        (FORGET, _forget),
    ]
    for pattern, rule in rules:
        if match := pattern.fullmatch(text):
            return rule(turn, match[1].strip()) if not is_silent(match[1]) else None
    return None


def _go_to(turn: CoachTurn, name: str) -> Answer | None:
    said = plain(name.replace("_", " "))
    phase = next((phase for phase in PHASES if said and said == plain(phase.label)), None)
    if phase is None:
        return None
    if phase is turn.phase:
        return Answer(f"We are at {phase.label} already.")
    return go_to(phase, f"Let us go to {phase.label}.")


def _back(turn: CoachTurn) -> Answer:
    place = PHASES.index(turn.phase)
    if place == 0:
        return Answer("We are at the beginning already.")
    before = PHASES[place - 1]
    return go_to(before, f"Let us go back to {before.label}.")


def _remember(turn: CoachTurn, text: str) -> Answer:
    return remember(text)


def _forget(turn: CoachTurn, text: str) -> Answer:
    found = [note for note in turn.user_notes if text.casefold() in note.note.casefold()]
    match found:
        case []:
            return Answer(f"I remember nothing with {quoted(text)} in it.")
        case [note]:
            return Answer(
                f"I will forget {quoted(note.note)}.", (DeleteUserNoteParams(user_note_id=note.id),)
            )
    return Answer(
        f"I remember {len(found)} things with {quoted(text)} in them; tell me a little more of the one."
    )


def _listed(turn: CoachTurn) -> str:
    identities = [f"- {quoted(one.name)}, {one.category.label} ({one.state.label})" for one in live(turn)]
    notes = [f"- {quoted(one.note)}" for one in turn.user_notes]
    return "\n".join([*_block("Your identities", identities), *_block("What I remember", notes)])


def _block(heading: str, lines: list[str]) -> list[str]:
    if not lines:
        return [f"{heading}: nothing yet."]
    more = [f"- and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
    return [f"{heading}:", *lines[:LISTED], *more]
