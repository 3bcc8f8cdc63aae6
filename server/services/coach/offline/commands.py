"""Instructions about identities, by their names: "rename A to B", "combine A and B", "A is part of B"."""

import re
from collections.abc import Callable, Mapping

from server.enums.action_type import ActionType
from server.enums.identity_category import IdentityCategory
from server.models.coach_turn import CoachTurn, KnownIdentity
from server.models.identity_name import name_key
from server.services.action_handler.models.params import (
    AcceptIdentityParams,
    AddIdentityNoteParams,
    ArchiveIdentityParams,
    CombineIdentitiesParams,
    NestIdentityParams,
    SetCurrentIdentityParams,
    UpdateIdentityNameParams,
)
from server.services.action_handler.models.text import NAME_LIMIT, TEXT_LIMIT
from server.services.coach.offline.answer import Answer
from server.services.coach.offline.identities import mentioned, named
from server.services.coach.offline.names import as_name
from server.services.coach.offline.quoting import quoted
from server.services.coach.offline.words import APOSTROPHES, clip
from server.services.prompt_manager.phases import is_allowed

COMMAND_LIMIT = 2 * NAME_LIMIT + 60
REFUSAL_LIMIT = 80


def _instruction(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:please,? )?{pattern}", re.IGNORECASE)


COMMANDS: Mapping[ActionType, re.Pattern[str]] = {
    ActionType.UPDATE_IDENTITY_NAME: _instruction(r"rename (?P<about>.+?) (?:to|as|into) (?P<text>.+)"),
    ActionType.ADD_IDENTITY_NOTE: _instruction(r"note (?:about|for|on) (?P<about>[^:]+):.+"),
    ActionType.ACCEPT_IDENTITY: _instruction(r"(?:keep|accept) (?P<about>.+)"),
    ActionType.ARCHIVE_IDENTITY: _instruction(r"(?:drop|remove|archive|delete|put away) (?P<about>.+)"),
    ActionType.NEST_IDENTITY: _instruction(
        r"(?P<about>(?:nest|put) .+? (?:in|into|inside|under) .+|.+ (?:is|are) (?:a )?part of .+)"
    ),
    ActionType.COMBINE_IDENTITIES: _instruction(r"(?:combine|merge|join) (?P<about>.+)"),
    ActionType.SET_CURRENT_IDENTITY: _instruction(
        rf"(?:let[{APOSTROPHES}]s )?(?:talk about|turn to) (?P<about>.+)"
    ),
}
"""What the instructions look like, in a text whose words are parted by single spaces."""


def is_command(text: str) -> bool:
    """Whether the text reads like one of these instructions."""
    return _read(text) is not None


def obey(turn: CoachTurn, text: str) -> Answer | None:
    """What an instruction about identities leads to; None for any other text."""
    read = _read(text)
    about = mentioned(turn, read[1]["about"]) if read else []
    if read is None or not about:
        return None
    action_type, match = read
    if is_allowed(action_type, turn.phase):
        return DEEDS[action_type](turn, about, match)
    if len(text) <= REFUSAL_LIMIT:
        return Answer(f"That is for another time: we are at {turn.phase.label} now.")
    return None


def _read(text: str) -> tuple[ActionType, re.Match[str]] | None:
    line = " ".join(text.split())
    for action_type, pattern in COMMANDS.items():
        match = pattern.fullmatch(line)
        if match and (len(line) <= COMMAND_LIMIT or action_type is ActionType.ADD_IDENTITY_NOTE):
            return action_type, match
    return None


def rename(turn: CoachTurn, identity: KnownIdentity, words: str) -> Answer:
    """Give an identity another name, unless one of the user's others has it."""
    name = as_name(words)
    other = named(turn, name) if name else None
    if not name:
        return Answer("I need a word or two for the new name.")
    if other and other.id != identity.id:
        return Answer(
            f"{quoted(other.name)} is the name of another of your identities already, so it needs a new one."
        )
    if name == identity.name:
        return Answer(f"It is called {quoted(name)} already.")
    return Answer(
        f"I will call it {quoted(name)} from now on.",
        (UpdateIdentityNameParams(identity_id=identity.id, name=name),),
    )


def keep_note(identity: KnownIdentity, text: str) -> Answer:
    """Keep the user's words with an identity."""
    note = clip(text, TEXT_LIMIT)
    said = f"I will keep that with {quoted(identity.name)}.{beginning_only(text)}"
    return Answer(said, (AddIdentityNoteParams(identity_id=identity.id, note=note),))


def beginning_only(text: str) -> str:
    """What to say of a text that is longer than what can be kept."""
    return " It is a long text, so I will keep its beginning." if len(text) > TEXT_LIMIT else ""


def archive(identity: KnownIdentity) -> Answer:
    """Put an identity away."""
    return Answer(
        f"I will put {quoted(identity.name)} away for good.",
        (ArchiveIdentityParams(identity_id=identity.id),),
    )


def accept(identity: KnownIdentity) -> Answer:
    """Keep a proposed identity."""
    return Answer(f"{quoted(identity.name)} stays, then.", (AcceptIdentityParams(identity_id=identity.id),))


def turn_to(identity: KnownIdentity) -> Answer:
    """Work on another identity."""
    return Answer(
        f"Let us turn to {quoted(identity.name)}.", (SetCurrentIdentityParams(identity_id=identity.id),)
    )


def _rename(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    return rename(turn, about[0], match["text"])


def _note(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    return keep_note(about[0], match.string.partition(":")[2].strip())


def _accept(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    return accept(about[0])


def _archive(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    return archive(about[0])


def _turn_to(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    return turn_to(about[0])


def _nest(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    if len(about) != 2:
        return Answer("Tell me two of your identities by their names: “A is part of B”.")
    inner, outer = about
    return Answer(
        f"I will make {quoted(inner.name)} a part of {quoted(outer.name)}.",
        (NestIdentityParams(identity_id=inner.id, parent_identity_id=outer.id),),
    )


def _combine(turn: CoachTurn, about: list[KnownIdentity], match: re.Match[str]) -> Answer:
    if len(about) != 2:
        return Answer("Tell me two of your identities by their names: “combine A and B”.")
    first, second = about
    name = f"{first.name} / {second.name}"
    if len(name) > NAME_LIMIT:
        return Answer("Their names are too long to stand side by side; rename one of them first.")
    if any(name_key(identity.name) == name_key(name) for identity in turn.identities):
        return Answer(f"There is a {quoted(name)} already; rename it first.")
    return Answer(
        f"I will make one of {quoted(first.name)} and {quoted(second.name)}.",
        (CombineIdentitiesParams(identity_id_a=first.id, identity_id_b=second.id),),
    )


def kept_of(first: KnownIdentity, second: KnownIdentity) -> KnownIdentity:
    """Which of two combined identities stays: the more particular category wins over Passions and Talents."""
    passion = IdentityCategory.PASSIONS_AND_TALENTS
    return second if first.category is passion and second.category is not passion else first


DEEDS: Mapping[ActionType, Callable[[CoachTurn, list[KnownIdentity], re.Match[str]], Answer]] = {
    ActionType.UPDATE_IDENTITY_NAME: _rename,
    ActionType.ADD_IDENTITY_NOTE: _note,
    ActionType.ACCEPT_IDENTITY: _accept,
    ActionType.ARCHIVE_IDENTITY: _archive,
    ActionType.NEST_IDENTITY: _nest,
    ActionType.COMBINE_IDENTITIES: _combine,
    ActionType.SET_CURRENT_IDENTITY: _turn_to,
}
