"""Which identities a text names: "Night gardener and cook", "I am a runner"."""

import re
from dataclasses import dataclass
from itertools import takewhile

from server.services.action_handler.models.text import NAME_LIMIT
from server.services.coach.offline.words import APOSTROPHES, clean, clip, is_silent, phrases, plain

READ_LIMIT = 2_000
LONGEST_LIST = 50
PIECE_WORDS = 5
PIECE_LIMIT = 60

DASHES = "-\N{EN DASH}\N{EM DASH}"
CLAUSE_END = re.compile(rf"[.!?]+(?:\s|$)|[\n;•]+|\s[{DASHES}]\s")
STATEMENT = re.compile(
    rf"\b(?:(?P<am>i(?:\s+am|[{APOSTROPHES}]m|m))"
    rf"|(?P<want>i(?:\s+would|[{APOSTROPHES}]d)?\s+(?:want|like|love|hope|wish)\s+to\s+(?:be|become)))\s+",
    re.IGNORECASE,
)
BULLET = re.compile(rf"^(?:[{DASHES}*•]|\d+[.)])\s+")
SEPARATOR = re.compile(r"\s*(?:,|/|&|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
AFTERTHOUGHT = re.compile(
    r",?\s+(?:who|that|which|because|but|since|when|while|so that|as i)\b", re.IGNORECASE
)
LEAD_IN = re.compile(
    r"^(?:and|also|maybe|perhaps|well|oh|yes|yeah|then|so|too|kind of|sort of|an?|the)\b[\s,]+", re.IGNORECASE
)
TAIL = re.compile(r"[\s,]+(?:too|as well|also|please)$", re.IGNORECASE)
MARKS = ' \t"“”«»„.,:!*_()[]' + APOSTROPHES + "\N{LEFT SINGLE QUOTATION MARK}"

NO_IDENTITY = phrases(
    """
    i, i'm, im, i've, i'd, me, my, we, you, he, she, it, they, them, there, this, that, these, those,
    what, why, how, when, where, who, which, because, if, not, don't, can, do, does, did, is, are, was,
    were, have, has, had, will, would, could, should, let's, let, please, no, someone, somebody, person,
    one, nobody, nothing, thank, thanks, just, really, very, going, trying, thinking, sorry, afraid, sure,
    unsure, done, ready, ok, okay, here, stuck, confused, from, in, at, on, with, to, for, of, talk, tell,
    give, make, want, need, like, love, feel, hope, wish
    """
)
NO_ENTRY = phrases("not, sure, unsure, done, ready, sorry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What a text says after "I am" and after "I want to be", one entry each."""

    are: tuple[str, ...]
    want_to_be: tuple[str, ...]


def names_in(text: str) -> list[str]:
    """The names in a text, as they may be stored: after "I am" or "I want to be", else a bare list of short ones."""
    found: list[str] = []
    for clause in _clauses(text):
        spoken = [_names_after(tail) for _, tail in _tails(clause)]
        found += [name for names in spoken for name in names] if spoken else _bare_names(clause)
    return _without_repeats(found)


def statements_in(text: str) -> Statements:
    """The entries that a text holds for the two lists of the warm-up."""
    tails = [pair for clause in _clauses(text) for pair in _tails(clause)]
    return Statements(
        are=tuple(
            _without_repeats([entry for kind, tail in tails if kind == "am" for entry in _entries(tail)])
        ),
        want_to_be=tuple(
            _without_repeats([entry for kind, tail in tails if kind == "want" for entry in _entries(tail)])
        ),
    )


def as_name(text: str) -> str:
    """The text as the name of an identity: one line, beginning with a capital, not too long; "" if nothing is left."""
    line = " ".join(clean(text).split()).strip(MARKS)
    return "" if is_silent(line) else clip(line[:1].upper() + line[1:], NAME_LIMIT)


def _clauses(text: str) -> list[str]:
    parts = CLAUSE_END.split(clean(text[:READ_LIMIT]))
    lines = (" ".join(part.split()) for part in parts)
    return [clause for line in lines if (clause := BULLET.sub("", line))]


def _tails(clause: str) -> list[tuple[str, str]]:
    """Each statement of the clause: its kind, and what follows up to the next one."""
    found = list(STATEMENT.finditer(clause))
    ends = [*(match.start() for match in found), len(clause)][1:]
    return [
        (match.lastgroup or "", clause[match.end() : end]) for match, end in zip(found, ends, strict=False)
    ]


def _names_after(tail: str) -> list[str]:
    """The names at the beginning of what follows "I am"; the first piece that is none ends them."""
    return list(takewhile(bool, map(_piece, _pieces(AFTERTHOUGHT.split(tail, maxsplit=1)[0]))))


def _bare_names(clause: str) -> list[str]:
    """The names of a clause that is nothing but a list of names; none for prose."""
    pieces = _pieces(clause)
    names = list(takewhile(bool, map(_piece, pieces)))
    return names if len(names) == len(pieces) else []


def _pieces(listed: str) -> list[str]:
    pieces = SEPARATOR.split(listed, maxsplit=LONGEST_LIST)[:LONGEST_LIST]
    return [piece for piece in pieces if not is_silent(piece)]


def _piece(piece: str) -> str:
    bare = _without_lead_in(piece)
    said = bare.split()
    if not said or len(said) > PIECE_WORDS or len(bare) > PIECE_LIMIT or bare[0].isdigit():
        return ""
    return "" if plain(said[0]) in NO_IDENTITY else as_name(bare)


def _without_lead_in(piece: str) -> str:
    piece = piece.strip(MARKS)
    while (shorter := LEAD_IN.sub("", piece)) != piece:
        piece = shorter
    return TAIL.sub("", piece).strip(MARKS)


def _entries(tail: str) -> list[str]:
    """A list of short entries, else the whole as one."""
    if plain(tail.partition(" ")[0]) in NO_ENTRY:
        return []
    pieces = [_without_lead_in(piece) for piece in _pieces(tail)]
    short = all(0 < len(piece.split()) <= PIECE_WORDS for piece in pieces)
    return [entry for piece in (pieces if short else [tail]) if (entry := as_name(_without_lead_in(piece)))]


def _without_repeats(names: list[str]) -> list[str]:
    """Each name as it stands first, without regard to case."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.casefold(), name)
    return list(first.values())
