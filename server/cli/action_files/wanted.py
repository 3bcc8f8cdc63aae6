"""What a new action is to be, and what it may not be."""

import builtins
import keyword
import re
from dataclasses import dataclass

from pydantic import BaseModel

from server.cli.action_files.checkout import EXAMPLES, HANDLERS, PAGES, TESTS, Checkout
from server.cli.action_files.kinds import KINDS, ROWS
from server.cli.errors import CommandError

LONGEST_NAME = 40
LONGEST_LABEL = 32
LONGEST_SENTENCE = 100
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LABEL = re.compile(r"[A-Z][a-z]*( [a-z]+| I am)*")
UNWRITABLE = re.compile(r'["\\<>{}\[\]`*|\x00-\x1f\x7f-\x9f\u2028\u2029]|://')
CURLY = {"\u2018": "'", "\u2019": "'", "\u201c": "'", "\u201d": "'", "\u2013": "-", "\u2014": "-"}
"""What looks like another character, and what to write for it."""
OF_A_RESPONSE = {"message", "actions", *dir(BaseModel)}
OF_PARAMS = OF_A_RESPONSE | {"version", "policy"}
OF_OTHERS = {
    "index": "the page of a whole directory",
    "readme": "the page of a whole directory",
    "handles": "what marks a handler",
    "admin": "what staff see of an action (AdminAction)",
}
EVERY = "all"
FIRST = "-"
"""In the place of the action that a new one follows: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter. `kind` is one of `KINDS`, or the file name of an enum."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """What a person decides about an action.

    `after` is the wire id of the one that it follows in the enum; None where it is the first.
    """

    name: str
    label: str
    purpose: str
    params: tuple[Param, ...]
    phases: tuple[str, ...]
    after: str | None

    @property
    def constant(self) -> str:
        return constant_of(self.name)

    @property
    def params_class(self) -> str:
        return params_class_of(self.name)


def constant_of(name: str) -> str:
    """`create_identity` → `CREATE_IDENTITY`."""
    return name.upper()


def params_class_of(name: str) -> str:
    """`create_identity` → `CreateIdentityParams`, as `models/actions.py` looks for it."""
    return "".join(word.capitalize() for word in name.split("_")) + "Params"


def check_name(name: str, checkout: Checkout) -> str:
    """The name. Raises `CommandError`, with the reason, for one that no new action can have."""
    if problem := _problem_of_name(name, checkout):
        raise CommandError(f"{name!r} cannot be the name of a new action: {problem}")
    return name


def _problem_of_name(name: str, checkout: Checkout) -> str | None:
    return _malformed(name) or _reserved(name) or _taken(name, checkout) or _file_in_the_way(name, checkout)


def _malformed(name: str) -> str | None:
    if not SNAKE_CASE.fullmatch(name):
        return "write small letters and digits, the words joined by single underscores: celebrate_identity."
    if len(name) > LONGEST_NAME:
        return f"it has {len(name)} characters; the limit is {LONGEST_NAME}."
    return None


def _reserved(name: str) -> str | None:
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a keyword of Python."
    if name in vars(builtins):
        return "it is a name of Python's own."
    if name in OF_OTHERS:
        return f"it stands for {OF_OTHERS[name]}."
    if name in OF_A_RESPONSE or name.startswith("model_"):
        return "it stands for something else in a response."
    return None


def _taken(name: str, checkout: Checkout) -> str | None:
    if name in checkout.action_types.values():
        return "there is an action of this name."
    if name in checkout.aliases:
        return f"rows carry it as the old name of {checkout.action_types[checkout.aliases[name]]!r}."
    if params_class_of(name) in checkout.classes_of_params:
        return f"its class would be {params_class_of(name)}, which is there already."
    return None


def _file_in_the_way(name: str, checkout: Checkout) -> str | None:
    for path in (*files_of(name), f"{EXAMPLES}/{name}.json"):
        if (checkout.root / path).exists():
            return f"{path} is there already, and nothing is overwritten."
    return None


def files_of(name: str) -> tuple[str, str, str]:
    """The files that are the action's alone: handler, test, page."""
    return f"{HANDLERS}/{name}.py", f"{TESTS}/test_{name}.py", f"{PAGES}/{name}.md"


def check_label(label: str, checkout: Checkout) -> str:
    """The label. Raises `CommandError` for one that does not read as the others do."""
    if not LABEL.fullmatch(label):
        raise CommandError(f"The label {label!r} must be a phrase in sentence case: Celebrate an identity.")
    if len(label) > LONGEST_LABEL:
        raise CommandError(f"The label {label!r} has {len(label)} characters; the limit is {LONGEST_LABEL}.")
    if label in checkout.labels.values():
        raise CommandError(f"Another action has the label {label!r}: choose other words.")
    return label


def check_purpose(purpose: str) -> str:
    """The purpose: one sentence, which the model reads. Raises `CommandError` where it is none."""
    return _check_sentence("purpose", purpose)


def check_phases(phases: list[str], checkout: Checkout) -> tuple[str, ...]:
    """The phases in their order; "all" are all of them. Raises `CommandError` for an unknown one, or none."""
    wanted = set(checkout.phases if EVERY in phases else phases)
    if unknown := wanted - set(checkout.phases):
        known = ", ".join(checkout.phases)
        raise CommandError(f"{min(unknown)!r} is no phase: it is one of {known}, or all.")
    if not wanted:
        raise CommandError("An action that no phase allows never happens: name at least one phase.")
    return tuple(phase for phase in checkout.phases if phase in wanted)


def last_action(checkout: Checkout) -> str:
    """The one that a new action follows where nobody says otherwise."""
    return list(checkout.action_types.values())[-1]


def check_after(after: str, checkout: Checkout) -> str | None:
    """The action that it follows, None for `FIRST`. Raises `CommandError` for one that is not there."""
    known = list(checkout.action_types.values())
    if after == FIRST:
        return None
    if after not in known:
        raise CommandError(f"{after!r} is no action that a new one could follow: {', '.join(known)}.")
    return after


def check_params(words: list[str], checkout: Checkout) -> tuple[Param, ...]:
    """The parameters that are written NAME:TYPE:DESCRIPTION. Raises `CommandError` for what cannot be one."""
    params = tuple(_param(word, checkout) for word in words)
    names = [param.name for param in params]
    if twice := [name for name in names if names.count(name) > 1]:
        raise CommandError(f"Two parameters have the name {twice[0]!r}.")
    return params


def kinds(checkout: Checkout) -> tuple[str, ...]:
    """Every type that a parameter may have."""
    return (*KINDS, *checkout.enums)


def _param(word: str, checkout: Checkout) -> Param:
    name, kind, description = (part.strip() for part in (*word.split(":", 2), "", "")[:3])
    place = f"The parameter {word!r}"
    if name in OF_PARAMS:
        raise CommandError(
            f"{place}: {name!r} stands for something else in a params class; use another name."
        )
    if not SNAKE_CASE.fullmatch(name) or keyword.iskeyword(name):
        raise CommandError(f"{place}: {name!r} cannot be its name; write one in snake_case.")
    if len(name) > LONGEST_NAME:
        raise CommandError(f"{place}: its name has {len(name)} characters; the limit is {LONGEST_NAME}.")
    if kind not in kinds(checkout):
        raise CommandError(
            f"{place}: write NAME:TYPE:DESCRIPTION, the type one of {', '.join(kinds(checkout))}."
        )
    _check_id(place, name, kind)
    if description or kind not in ROWS:
        _check_sentence(f"description of {name}", description)
    return Param(name=name, kind=kind, description=description)


def _check_id(place: str, name: str, kind: str) -> None:
    for row in ROWS.values():
        if (row.mark in name) != (kind == row.name):
            raise CommandError(
                f"{place}: an id of the type {row.name} has {row.mark} in its name, and no other has."
            )


def _check_sentence(what: str, text: str) -> str:
    if not text or not text.endswith(".") or not text[0].isupper():
        raise CommandError(f"The {what} must be a sentence, which the model reads: {text!r} is none.")
    if len(text) > LONGEST_SENTENCE:
        raise CommandError(f"The {what} has {len(text)} characters; the limit is {LONGEST_SENTENCE}.")
    if curly := next((character for character in text if character in CURLY), None):
        raise CommandError(f"The {what} holds {curly!r}: write {CURLY[curly]!r}.")
    if found := UNWRITABLE.search(text):
        raise CommandError(f"The {what} holds {found[0]!r}, which stands for something else in a file.")
    return text
