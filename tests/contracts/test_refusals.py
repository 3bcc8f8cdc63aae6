"""Each way of getting an action wrong ends the start with one message, which names the file and the mend."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT
from tests.faults.newer import Version

ENUM = "server/enums/action_type.py"
PARAMS = "server/services/action_handler/models/params.py"
HANDLING = "server/services/action_handler"
ACTIONS = f"{HANDLING}/actions"
PROMPTS = "server/services/prompt_manager/prompts"

MEMBER = '    DELETE_USER_NOTE = "delete_user_note"\n'
LABEL = '    ActionType.DELETE_USER_NOTE: "Delete a note about you",\n'
NOTE = '    note: Annotated[Prose, Field(description="What to remember, one fact.")]\n'
DESCRIPTION = 'description="What to remember, one fact."'


SHEEP = '\n\nclass CountSheepParams(ActionParams):\n    """Count a sheep."""\n'


def append(version: Version, file: str, text: str) -> None:
    with (version.directory / file).open("a") as opened:
        opened.write(text)


def add_member(version: Version) -> None:
    version.replace(ENUM, MEMBER, f'{MEMBER}    COUNT_SHEEP = "count_sheep"\n')


def add_member_and_label(version: Version) -> None:
    add_member(version)
    version.replace(ENUM, LABEL, f'{LABEL}    ActionType.COUNT_SHEEP: "Count a sheep",\n')


def add_all_but_the_handler(version: Version) -> None:
    add_member_and_label(version)
    append(version, PARAMS, SHEEP)
    version.replace(
        f"{PROMPTS}/introduction.md", "  - transition_phase\n", "  - transition_phase\n  - count_sheep\n"
    )


def note_is(annotation: str, then: str = "") -> Callable[[Version], None]:
    return lambda version: version.replace(PARAMS, NOTE, f"    note: {annotation}{then}\n")


def described(annotation: str) -> str:
    return f"Annotated[{annotation}, Field({DESCRIPTION})]"


def two_handlers(version: Version) -> None:
    path = version.directory / ACTIONS / "add_user_note.py"
    text = path.read_text()
    path.write_text(f"{text}\n\n{text[text.index('@handles') :]}")


def wrong_params(version: Version) -> None:
    path = version.directory / ACTIONS / "add_user_note.py"
    path.write_text(path.read_text().replace("AddUserNoteParams", "UpdateUserNoteParams"))


def in_the_wrong_file(version: Version) -> None:
    (version.directory / ACTIONS / "add_user_note.py").rename(version.directory / ACTIONS / "notes.py")


def of_no_action(version: Version) -> None:
    path = version.directory / ACTIONS / "add_user_note.py"
    path.write_text(path.read_text().replace("def add_user_note", "def add_note"))


def nowhere_allowed(version: Version) -> None:
    for phase in ("brainstorming_review", "identity_commitment"):
        version.replace(f"{PROMPTS}/{phase}.md", "  - nest_identity\n", "")
        version.replace(f"{PROMPTS}/{phase}.md", "use `nest_identity` with", "say so with")


def alias(entry: str) -> Callable[[Version], None]:
    old = "ALIASES: Mapping[str, ActionType] = {}"
    return lambda version: version.replace(ENUM, old, f"{old[:-1]}{entry}}}")


def no_action_params(version: Version) -> None:
    add_member_and_label(version)
    append(version, PARAMS, SHEEP.replace("(ActionParams)", ""))


def by_hand(file: str, line: str) -> tuple[Callable[[Version], None], str]:
    """A line where the old guide wanted one, at the end of the file, and what is said of it."""
    made_of = f"the files of {ACTIONS}" if file.endswith("handler.py") else f"the classes of {PARAMS}"
    number = len((ROOT / file).read_text().splitlines()) + len(line.splitlines())
    said = (
        f"{file}:{number}: this map takes no entry by hand, it is derived from {made_of}; take the line out."
    )
    return lambda version: append(version, file, f"{line}\n"), said


def missing_member(table: str, entry: str) -> tuple[Callable[[Version], None], str]:
    """A line of a table in the enum's file that names no member, and what is said of it."""
    source = (ROOT / ENUM).read_text()
    number = source[: source.index(f"\n{table}: ")].count("\n") + 3
    old = next(line for line in source.splitlines() if line.startswith(f"{table}: "))
    written = old.replace("}", "").replace("{", "{\n" + f"    {entry}") + ("\n}" if old.endswith("}") else "")
    said = f"{ENUM}:{number}: ActionType.COUNT_SHEEP is named here and not in the enum; add it to {ENUM}, or mend "
    return lambda version: version.replace(ENUM, f"{old}\n", f"{written}\n"), f"{said}the name here."


def retired(member: str) -> Callable[[Version], None]:
    old = "RETIRED: frozenset[ActionType] = frozenset()"
    return lambda version: version.replace(ENUM, old, f"{old[:-1]}{{{member}}})")


def by_its_old_name(version: Version) -> None:
    alias('"move_on": ActionType.TRANSITION_PHASE')(version)
    version.replace(f"{PROMPTS}/introduction.md", "  - transition_phase\n", "  - move_on\n")


NO_LABEL = f"{ENUM}: ActionType.COUNT_SHEEP has no label; add a line for it to LABELS."
NO_PARAMS = f"{PARAMS}: the class CountSheepParams for ActionType.COUNT_SHEEP is missing; add it."
NO_TYPE = f"{PARAMS}: no ActionType belongs to the class CountSheepParams; add it to the enum or rename."

WRONG: dict[str, tuple[Callable[[Version], None], str]] = {
    "an enum without a label": (add_member, NO_LABEL),
    "an enum without params": (add_member_and_label, NO_PARAMS),
    "params without a handler": (
        add_all_but_the_handler,
        (
            f"{ACTIONS}/count_sheep.py: the action 'count_sheep' has no handler; write the file, its function marked "
            "@handles(CountSheepParams)."
        ),
    ),
    "params without an enum": (
        lambda version: append(version, PARAMS, SHEEP),
        NO_TYPE,
    ),
    "two handlers": (
        two_handlers,
        f"{ACTIONS}/add_user_note.py: the action 'add_user_note' has a handler already; remove one.",
    ),
    "a handler with the wrong params type": (
        wrong_params,
        f"{ACTIONS}/add_user_note.py: @handles(UpdateUserNoteParams) must name AddUserNoteParams.",
    ),
    "a handler in the wrong file": (
        in_the_wrong_file,
        f"{ACTIONS}/notes.py: the handler 'add_user_note' belongs in the file add_user_note.py.",
    ),
    "a handler of no action": (
        of_no_action,
        f"{ACTIONS}/add_user_note.py: 'add_note' is no ActionType; name the function after the action it handles.",
    ),
    "a free-form map": (
        note_is(described("dict[str, str]")),
        (
            f"{PARAMS}: AddUserNoteParams.note is dict[str, str]: use text, an enum of server/enums, "
            "or a list of one of these."
        ),
    ),
    "a default": (
        note_is(described("Prose"), ' = ""'),
        (
            f"{PARAMS}: AddUserNoteParams.note has a default: strict structured outputs need every field required; "
            "remove it."
        ),
    ),
    "an optional parameter": (
        note_is(described("Prose | None")),
        (
            f"{PARAMS}: AddUserNoteParams.note may be None: strict structured outputs need every field told; use text "
            "that may be empty, OptionalProse of models/text.py."
        ),
    ),
    "text that may be blank or endless": (
        note_is(described("str")),
        (
            f"{PARAMS}: AddUserNoteParams.note is text without a rule, so that blank and endless text would pass: "
            "use Name, Prose, OptionalProse or RowId of models/text.py."
        ),
    ),
    "a parameter without a description": (
        note_is("Prose"),
        f"{PARAMS}: AddUserNoteParams.note has no description: add Field(description=…); the model reads it.",
    ),
    "params without a purpose": (
        lambda version: version.replace(
            PARAMS, '    """Remember something about the user that will matter later."""\n', ""
        ),
        f"{PARAMS}: AddUserNoteParams has no docstring: write what the action does; the model reads it.",
    ),
    "a length that strict mode refuses": (
        note_is(f"Annotated[Prose, Field(max_length=9, {DESCRIPTION})]"),
        (
            f"{PARAMS}: AddUserNoteParams.note has `maxLength`, which is not supported: remove it, and check the "
            "text after it was read."
        ),
    ),
    "an action that no phase allows": (
        nowhere_allowed,
        (
            f"{PROMPTS}: no phase allows 'nest_identity'; add it to allowed_actions of each that may use it, "
            f"or to RETIRED in {ENUM}."
        ),
    ),
    "a prompt that names a retired action": (
        retired("ActionType.NEST_IDENTITY"),
        (
            f"{PROMPTS}/brainstorming_review.md: allowed_actions names 'nest_identity', which is retired; take it "
            f"out, here or in RETIRED of {ENUM}."
        ),
    ),
    "a prompt whose text speaks of an action that its phase does not allow": (
        lambda version: append(
            version, f"{PROMPTS}/identity_commitment.md", "\nUse `create_identity` now.\n"
        ),
        (
            f"{PROMPTS}/identity_commitment.md: the text speaks of 'create_identity', which allowed_actions does not "
            "name; add it there, or take it out of the text."
        ),
    ),
    "params that are no ActionParams": (
        no_action_params,
        f"{PARAMS}: the class CountSheepParams must inherit from ActionParams.",
    ),
    "a prompt that names an unknown action": (
        lambda version: version.replace(
            f"{PROMPTS}/introduction.md", "  - transition_phase\n", "  - transition\n"
        ),
        f"{PROMPTS}/introduction.md: allowed_actions names 'transition', which is no action; mend the name.",
    ),
    "a prompt that names an action by its old name": (
        by_its_old_name,
        f"{PROMPTS}/introduction.md: allowed_actions names 'move_on', which is now 'transition_phase'; write that.",
    ),
    "two names for one value": (
        lambda version: version.replace(ENUM, MEMBER, f'{MEMBER}    FORGET = "delete_user_note"\n'),
        f"{ENUM}: ActionType.FORGET has the value of ActionType.DELETE_USER_NOTE; give it its own.",
    ),
    "a value that is not the name": (
        lambda version: version.replace(ENUM, MEMBER, '    DELETE_USER_NOTE = "deleteUserNote"\n'),
        f"{ENUM}: ActionType.DELETE_USER_NOTE has the value 'deleteUserNote'; it must be 'delete_user_note'.",
    ),
    "two actions of one label": (
        lambda version: version.replace(ENUM, '"Delete a note about you"', '"Change a note about you"'),
        f"{ENUM}: 2 actions have the label 'Change a note about you'; give each its own.",
    ),
    "a parameter with an alias": (
        note_is(f'Annotated[Prose, Field(alias="text", {DESCRIPTION})]'),
        f"{PARAMS}: AddUserNoteParams.note has an alias: a parameter has one name everywhere; rename the field.",
    ),
    "a parameter with a blank description": (
        note_is('Annotated[Prose, Field(description=" ")]'),
        f"{PARAMS}: AddUserNoteParams.note has no description: add Field(description=…); the model reads it.",
    ),
    "params derived from other params": (
        lambda version: version.replace(
            PARAMS,
            "class UpdateUserNoteParams(ActionParams)",
            "class UpdateUserNoteParams(AddUserNoteParams)",
        ),
        f"{PARAMS}: UpdateUserNoteParams is derived from AddUserNoteParams: derive it from ActionParams alone.",
    ),
    "a handler that is async": (
        lambda version: version.replace(f"{ACTIONS}/add_user_note.py", "\ndef add", "\nasync def add"),
        f"{ACTIONS}/add_user_note.py: the handler 'add_user_note' is async: write `def`, a worker calls it.",
    ),
    "a handler that takes too little": (
        lambda version: version.replace(
            f"{ACTIONS}/add_user_note.py", ", coach_message: ChatMessage | None", ""
        ),
        f"{ACTIONS}/add_user_note.py: the handler 'add_user_note' must take (coach_state, params, coach_message): ",
    ),
    "a file beside the handlers": (
        lambda version: append(version, f"{ACTIONS}/helpers.py", "LIMIT = 3\n"),
        f"{ACTIONS}/helpers.py: no action is called 'helpers': this directory has handlers alone; move it.",
    ),
    "a prompt that names an action twice": (
        lambda version: version.replace(
            f"{PROMPTS}/introduction.md",
            "  - transition_phase\n",
            "  - transition_phase\n  - transition_phase\n",
        ),
        f"{PROMPTS}/introduction.md: allowed_actions names 'transition_phase' twice; remove one.",
    ),
    "a prompt of no phase": (
        lambda version: append(version, f"{PROMPTS}/dancing.md", "Dance.\n"),
        f"{PROMPTS}/dancing.md: no phase is called 'dancing'; mend the name, or remove it.",
    ),
    "front matter that is no YAML": (
        lambda version: version.replace(
            f"{PROMPTS}/introduction.md", "allowed_actions:", "allowed_actions: ]"
        ),
        f"{PROMPTS}/introduction.md: the front matter is no YAML, mend it: ",
    ),
    "an entry in ACTION_PARAMS": by_hand(
        f"{HANDLING}/utils/action_instructions.py", "ACTION_PARAMS[ActionType.ADD_USER_NOTE] = object"
    ),
    "entries in ACTION_TYPE_TO_MODEL": by_hand(
        f"{HANDLING}/utils/dynamic_schema.py",
        "ACTION_TYPE_TO_MODEL.update({ActionType.ADD_USER_NOTE: object})",
    ),
    "a map with one entry more": by_hand(
        f"{HANDLING}/utils/dynamic_schema.py", "ACTION_TYPE_TO_MODEL |= {ActionType.ADD_USER_NOTE: object}"
    ),
    "an entry in ACTION_HANDLERS": by_hand(
        f"{HANDLING}/handler.py", "ACTION_HANDLERS[ActionType.ADD_USER_NOTE] = apply_action"
    ),
    "an entry taken out": by_hand(
        f"{HANDLING}/models/actions.py", "ACTION_PARAMS.pop(ActionType.ADD_USER_NOTE)"
    ),
    "an entry in a package's own file": by_hand(
        f"{HANDLING}/actions/__init__.py",
        "from server.services.action_handler.models.actions import ACTION_PARAMS\n"
        "ACTION_PARAMS['count_sheep'] = object",
    ),
    "a label of no member": missing_member("LABELS", 'ActionType.COUNT_SHEEP: "Count a sheep",'),
    "an alias of no member": missing_member("ALIASES", '"count": ActionType.COUNT_SHEEP,'),
    "an alias that is an action": (
        alias('"archive_identity": ActionType.NEST_IDENTITY'),
        f"{ENUM}: 'archive_identity' is an action and an alias; take it out of ALIASES.",
    ),
}
STARTS = "import django; django.setup(); import server.urls, server.services.action_handler.handler"


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_the_start_ends_with_one_message(
    wrong: Callable[[Version], None], message: str, tmp_path: Path
) -> None:
    version = Version(tmp_path)
    wrong(version)
    ended = python(version, "-c", STARTS)
    assert ended.returncode == 1
    said = ended.stderr.splitlines()[-1].partition(": ")[2]
    assert said.startswith(message) if message.endswith(" ") else said == message, ended.stderr


def test_the_checks_say_it_before_any_other_could_fail_over_it(tmp_path: Path) -> None:
    version = Version(tmp_path)
    add_member_and_label(version)
    ended = python(version, "-m", "tools.starts")
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"starts: {NO_PARAMS}\n")


def test_what_no_phase_allows_any_more_is_retired(tmp_path: Path) -> None:
    version = Version(tmp_path)
    nowhere_allowed(version)
    retired("ActionType.NEST_IDENTITY")(version)
    assert python(version, "-c", STARTS).returncode == 0
    where = "from tools.action_pages import _where; from server.enums.action_type import ActionType"
    told = python(version, "-c", f"{where}; print(_where(ActionType.NEST_IDENTITY))")
    assert told.stdout == "no phase any more\n", told.stderr


def test_what_is_right_starts(tmp_path: Path) -> None:
    ended = python(Version(tmp_path), "-c", STARTS)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_command_says_it_in_one_line(tmp_path: Path) -> None:
    version = Version(tmp_path)
    add_member(version)
    ended = python(version, "-m", "server.cli", "actions", "list")
    assert (ended.returncode, ended.stderr) == (1, f"coach: {NO_LABEL}\n")


def test_a_line_that_python_cannot_read_is_named(tmp_path: Path) -> None:
    version = Version(tmp_path)
    version.replace(ENUM, MEMBER, '    DELETE_USER_NOTE = = "delete_user_note"\n')
    line = (ROOT / ENUM).read_text().splitlines().index(MEMBER.rstrip()) + 1
    said = f"{ENUM}:{line}: Python cannot read this line (invalid syntax); mend it.\n"
    for program, arguments in {
        "starts": ("tools.starts",),
        "coach": ("server.cli", "actions", "list"),
    }.items():
        ended = python(version, "-m", *arguments)
        assert (ended.returncode, ended.stderr) == (1, f"{program}: {said}")


def python(version: Version, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **version.environment, "PYTHONPATH": f"{version.directory}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
