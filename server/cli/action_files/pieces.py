"""The files that are an action's alone, as they are first written: a handler that works, its test, its page.

Until a person writes the rule and the change, the handler keeps a note: so there is something to apply and to skip.
"""

from dataclasses import dataclass

from server.cli.action_files.kinds import NEW_TEXT, TEXTS
from server.cli.action_files.wanted import NewAction, Param

LEFT = "Left to write"
REFS = ("cook", "baker", "pilot", "nurse", "father", "writer")

HANDLER = '''"""{label}."""

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
{imports}from server.services.action_handler.handlers import handles
from server.services.action_handler.models.params import {params_class}
from server.services.action_handler.outcomes import Applied, Outcome, Skipped
{own_rows}

@handles({params_class})
def {name}(coach_state: CoachState, params: {params_class}, coach_message: ChatMessage | None) -> Outcome:
{body}
'''

ON_AN_IDENTITY = """{looked_up}
    # {left}: when there is nothing to do, the change, and the sentence for each. Until then it keeps a note.
{note_assigned}    if {note} in identity.notes:
        return Skipped(f'The identity "{{identity.name}}" has this note already.')
    identity.take_notes([{note}])
    return Applied(f'{label}: "{{identity.name}}".')"""

ON_THE_USER = """{looked_up}
    # {left}: when there is nothing to do, the change, and the sentence for each. Until then it keeps a note.
{note_assigned}    if UserNote.objects.filter(user_id=coach_state.user_id, note={note}).exists():
        return Skipped("There is this note already.")
    UserNote.objects.create(user_id=coach_state.user_id, note={note}, coach_message=coach_message)
    return Applied("{label}.")"""

TEST = '''"""{label}."""

import pytest

{more_imports}from server.apps.users.models import User
from server.enums.error_kind import ErrorKind
from server.services.action_handler.models.params import {params_class}
{perform}from tests.actions.cases import {names_of_cases}
{conftest}
PARAMS = {params_class}({values})
BEFORE = {before}
DONE = {done}

CASES = [
    Case(
        name="is applied",
        params=PARAMS,
        start=BEFORE,
        summary={applied},
        changes={changes},
    ),
    skipped("done already", PARAMS, {skipped}, DONE),
{rejected}]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_{name}(case: Case, user: User) -> None:
    check(case, user)
{foreign}'''

FOREIGN = """

def test_another_users_row_is_not_found(user: User, make_user: MakeUser) -> None:
    theirs = World(make_user(), BEFORE)
    before = theirs.snapshot()
    action = perform_action(theirs.with_keys(PARAMS), user=user)
    assert (action.status, action.error_kind) == ("rejected", ErrorKind.NOT_FOUND)
    assert theirs.changes_since(before) == {}
"""

PAGE = """---
title: {label}
---

<!-- generated: purpose (make generate) -->

{purpose}

<!-- end of generated -->

## Parameters

<!-- generated: params (make generate) -->
<!-- end of generated -->

## What changes

{changes}

## When it is skipped

{skipped}

## When it is rejected

{rejected}

## Example

<!-- generated: example (make generate) -->
<!-- end of generated -->

## What it logs

> {logged}
"""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the files of one action say of the same thing: the rows it is about, and the note that it keeps."""

    action: NewAction
    members: dict[str, str]
    """The first member of each enum that is a parameter's, as `Class.MEMBER`, by the enum's file name."""

    def of_kind(self, *kinds: str) -> list[Param]:
        return [param for param in self.action.params if param.kind in kinds]

    @property
    def texts(self) -> list[Param]:
        return self.of_kind("name", "text")

    @property
    def note(self) -> str:
        """What the note says in the test."""
        return NEW_TEXT if self.texts else f"{self.action.label}."

    @property
    def has_identity(self) -> bool:
        return bool(self.of_kind("identity"))


def handler_file(sketch: Sketch) -> str:
    action = sketch.action
    body = ON_AN_IDENTITY if sketch.has_identity else ON_THE_USER
    note = f"params.{sketch.texts[0].name}" if sketch.texts else "note"
    assigned = "" if sketch.texts else f'    note = "{sketch.note}"\n'
    helpers = [
        name
        for name, kind in (("own_live_identity", "identity"), ("own_user_note", "user_note"))
        if sketch.of_kind(kind)
    ]
    own_rows = f"from server.services.action_handler.own_rows import {', '.join(helpers)}\n"
    imports = "" if sketch.has_identity else "from server.apps.user_notes.models import UserNote\n"
    return HANDLER.format(
        label=action.label,
        name=action.name,
        params_class=action.params_class,
        imports=imports,
        own_rows=own_rows if helpers else "",
        body=body.format(
            left=LEFT, looked_up=_looked_up(sketch), note=note, note_assigned=assigned, label=action.label
        ),
    )


def _looked_up(sketch: Sketch) -> str:
    """A look for each id; the first identity is what the action is about."""
    lines = [
        f"    {'identity = ' if place == 0 else ''}own_live_identity(coach_state, params.{param.name})"
        for place, param in enumerate(sketch.of_kind("identity"))
    ]
    lines += [f"    own_user_note(coach_state, params.{one.name})" for one in sketch.of_kind("user_note")]
    return "".join(f"{line}\n" for line in lines)


def test_file(sketch: Sketch) -> str:
    action = sketch.action
    has_ids = bool(sketch.of_kind("identity", "user_note"))
    names = ["Case", "Start", "check", "skipped"]
    names += ["IdentityRow"] if sketch.has_identity else []
    names += ["World"] if has_ids else []
    names += ["rejected"] if has_ids or sketch.texts else []
    enums = {sketch.members[one.kind].split(".")[0]: one.kind for one in _of_enums(sketch)}
    source = TEST.format(
        label=action.label,
        name=action.name,
        params_class=action.params_class,
        more_imports="".join(f"from server.enums.{enums[one]} import {one}\n" for one in sorted(enums)),
        perform="from server.testing.perform import perform_action\n" if has_ids else "",
        names_of_cases=", ".join(names),
        conftest="from tests.conftest import MakeUser\n" if has_ids else "",
        values=_values(sketch),
        before=_start(sketch, done=False),
        done=_start(sketch, done=True),
        applied=_applied(sketch),
        skipped=_skipped(sketch),
        changes=_changes(sketch),
        rejected=_rejected(sketch),
        foreign=FOREIGN if has_ids else "",
    )
    is_needed = has_ids or sketch.texts
    return source if is_needed else source.replace("from server.enums.error_kind import ErrorKind\n", "")


def _of_enums(sketch: Sketch) -> list[Param]:
    return [param for param in sketch.action.params if param.kind in sketch.members]


def _values(sketch: Sketch, **others: str) -> str:
    values = {param.name: others.get(param.name, _value(sketch, param)) for param in sketch.action.params}
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _value(sketch: Sketch, param: Param) -> str:
    match param.kind:
        case "identity":
            return f'"${_ref(sketch, param)}"'
        case "user_note":
            return f'"$note{sketch.of_kind("user_note").index(param)}"'
        case kind:
            return TEXTS[kind].example if kind in TEXTS else sketch.members[kind]


def _ref(sketch: Sketch, param: Param) -> str:
    place = sketch.of_kind("identity").index(param)
    return REFS[place] if place < len(REFS) else f"row{place}"


def _start(sketch: Sketch, *, done: bool) -> str:
    rows = []
    for place, param in enumerate(sketch.of_kind("identity")):
        ref = _ref(sketch, param)
        notes = f', notes=["{sketch.note}"]' if done and place == 0 else ""
        rows.append(f'"{ref}": IdentityRow(name="{ref.capitalize()}"{notes})')
    user_notes = [f'"note{place}": "Note {place}."' for place, _ in enumerate(sketch.of_kind("user_note"))]
    if done and not rows:
        user_notes.append(f'"done": "{sketch.note}"')
    parts = [f"identities={{{', '.join(rows)}}}"] if rows else []
    parts += [f"user_notes={{{', '.join(user_notes)}}}"] if user_notes else []
    return f"Start({', '.join(parts)})"


def _applied(sketch: Sketch) -> str:
    label = sketch.action.label
    return f"'{label}: \"Cook\".'" if sketch.has_identity else f'"{label}."'


def _skipped(sketch: Sketch) -> str:
    if sketch.has_identity:
        return "'The identity \"Cook\" has this note already.'"
    return '"There is this note already."'


def _changes(sketch: Sketch) -> str:
    if sketch.has_identity:
        return f'{{"cook.notes": ["{sketch.note}"]}}'
    return f'{{"new.note": "{sketch.note}"}}'


def _rejected(sketch: Sketch) -> str:
    return "".join(
        [
            *(_unknown_id(sketch, one) for one in sketch.of_kind("identity", "user_note")),
            *(_blank_text(sketch, one) for one in sketch.texts),
        ]
    )


def _unknown_id(sketch: Sketch, param: Param) -> str:
    whose = "of the user\\'s identities" if param.kind == "identity" else "of the notes about the user"
    reason = f'None {whose} has the id "nowhere".'
    return _rejection(sketch, param, "an unknown", "nowhere", reason, "NOT_FOUND")


def _blank_text(sketch: Sketch, param: Param) -> str:
    reason = f'The parameter "{param.name}" is blank.'
    return _rejection(sketch, param, "a blank", "  ", reason, "INVALID_PARAMS")


def _rejection(sketch: Sketch, param: Param, what: str, value: str, reason: str, kind: str) -> str:
    values = _values(sketch, **{param.name: f'"{value}"'})
    params = f"{sketch.action.params_class}({values})"
    return f"    rejected(\"{what} {param.name}\", {params}, '{reason}', BEFORE, ErrorKind.{kind}),\n"


def page_file(sketch: Sketch) -> str:
    on_what = "the identity" if sketch.has_identity else "the user"
    return PAGE.format(
        label=sketch.action.label,
        purpose=sketch.action.purpose,
        changes=f"A note on {on_what} is added: {_said_of_the_note(sketch)}",
        skipped="That note is there already.",
        rejected="\n".join(f"- {case}" for case in _rejected_cases(sketch)),
        logged=_applied(sketch).strip("'\""),
    )


def _said_of_the_note(sketch: Sketch) -> str:
    return f"the text of `{sketch.texts[0].name}`." if sketch.texts else f'"{sketch.note}"'


def _rejected_cases(sketch: Sketch) -> list[str]:
    cases = [f"`{one.name}` is none of the user's rows." for one in sketch.of_kind("identity", "user_note")]
    cases += [f"`{one.name}` names an archived identity." for one in sketch.of_kind("identity")]
    cases += [f"`{one.name}` is blank or too long." for one in sketch.texts]
    cases += [f"`{one.name}` is too long." for one in sketch.of_kind("optional_text")]
    cases += [f"`{one.name}` has over 100 items, or a blank one." for one in sketch.of_kind("names")]
    return [*cases, "The phase does not allow it."]
