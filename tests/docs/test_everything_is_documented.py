"""Each thing that a reader may meet has its place in the pages, and what has a place exists."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

import pytest

from server.cli.commands import COMMANDS
from server.enums.action_status import ActionStatus
from server.enums.action_type import ActionType
from server.enums.coach_failure_kind import CoachFailureKind
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.enums.event_kind import EventKind
from server.services.crash_points import CrashPoint
from server.services.prompt_manager.outcomes import Outcome
from server.settings.environment import Environment
from tests.contracts.sources import ROOT
from tests.docs.options import options, wrong_options
from tests.docs.pages import ACTIONS, DOCS, rows_of, text_of
from tools.action_pages import page_of, purpose
from tools.typescript_enums import enums
from tools.typescript_schema import openapi_document

READ_ELSEWHERE = {"COACH_FAULTS", "COACH_WEB"}
"""By `python -m server.testing`, and by the chat page's development server."""

BESIDE_THE_API = {"/api/v1/docs", "/api/v1/openapi"}

NOT_STORED = {"hello", "running", "message_delta", "reset"}
"""Events of the stream that are no rows."""


def test_every_status_is_told_and_every_one_told_exists() -> None:
    assert rows_of("concepts/life-of-an-action.md", "status") == {status.value for status in ActionStatus}


def test_every_status_is_in_the_diagram() -> None:
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", text_of("concepts/life-of-an-action.md"), re.DOTALL)
    drawn = set(re.findall(r"(\w+) --> (\w+)", diagram))
    assert {name for edge in drawn for name in edge} == {status.value for status in ActionStatus}


def test_every_event_is_told_and_every_one_told_exists() -> None:
    assert rows_of("concepts/events.md", "event") == {kind.value for kind in EventKind} | NOT_STORED


def test_every_kind_of_error_is_told_and_every_one_told_exists() -> None:
    table = text_of("concepts/retries.md").split("| kind of `error` |")[1].partition("\n\n")[0]
    told = {row.split(" | ")[1].strip("`") for row in table.splitlines()[2:]}
    assert told == {kind.value for kind in ErrorKind}


def test_every_way_in_which_the_coach_fails_is_told_and_every_one_told_exists() -> None:
    assert rows_of("core-systems/model-coach.md", "kind") == {kind.value for kind in CoachFailureKind}


def test_every_action_has_a_page_and_every_page_an_action() -> None:
    assert {path.stem for path in ACTIONS.glob("*.md*")} == {
        action_type.value for action_type in ActionType
    }, "Write the page that is missing, or remove that of an action that is gone."


def test_every_page_of_an_action_says_first_what_the_model_reads() -> None:
    for action_type in ActionType:
        page = (ROOT / page_of(action_type)).read_text(encoding="utf-8")
        assert page.startswith(f"---\ntitle: {action_type.label}\n"), (
            f"{page_of(action_type)} has another title."
        )
        assert purpose(action_type) in page.partition("## Parameters")[0], (
            f"{page_of(action_type)} begins with other words than the params class."
        )


def test_every_phase_is_told_and_every_one_told_exists() -> None:
    assert rows_of("core-systems/action-handler/overview.md", "phase") == {
        phase.value for phase in CoachingPhase
    }


def test_every_command_is_told() -> None:
    told = set(re.findall(r"^## `coach ([\w-]+)`$", text_of("reference/commands.md"), re.MULTILINE))
    assert told == set(COMMANDS)


def test_no_page_names_a_command_that_does_not_exist() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^|\$ |&& |\| )coach ([a-z][\w-]+)", text, re.MULTILINE))
        assert named <= set(COMMANDS), f"{page.relative_to(ROOT)} names commands that do not exist."


def test_no_page_gives_an_option_that_does_not_exist() -> None:
    known = options()
    for page in pages():
        wrong = list(wrong_options(page.read_text(encoding="utf-8"), known))
        assert not wrong, (
            f"{page.relative_to(ROOT)} gives {wrong[0]}; mend it, or name its program in OF_OTHERS."
        )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Take `--no-such-flag`.", ["`--no-such-flag`"]),
        ("Type `coach freeze --staff`.", ["`--staff`, which `coach freeze` does not take"]),
        (
            "```sh\n.venv/bin/coach new-action nod \\\n  --phases all\n```\n",
            ["`--phases`, which `coach new-action` does not take"],
        ),
        ("`coach actions list --wait`", ["`--wait`, which `coach actions list` does not take"]),
        ("`coach user create --staff`, `docker compose up --build` and `--json` -- or --not-code.", []),
    ],
)
def test_an_option_that_does_not_exist_is_seen(text: str, wrong: list[str]) -> None:
    assert list(wrong_options(text, options())) == wrong


def test_no_page_names_a_status_that_does_not_exist() -> None:
    for page in pages():
        wrong = sorted(wrong_statuses(page.read_text(encoding="utf-8")))
        assert not wrong, (
            f"{page.relative_to(ROOT)} names {wrong[0]!r} among statuses, which is none; mend it."
        )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It ends `succeeded`, `skipped` or `finished`.", {"finished"}),
        ("Its status is `pending` then.", {"pending"}),
        ("`coach actions list --status failing`", {"failing"}),
        ("`GET actions?status=expired`", {"expired"}),
        ('```json\n{"action_type": "nest_identity", "status": "done"}\n```\n', {"done"}),
        ("It is `dead`. A `made` word elsewhere.", set()),
        ("The `error` of a `rejected` one has a `kind`.", set()),
    ],
)
def test_a_status_that_does_not_exist_is_seen(text: str, wrong: set[str]) -> None:
    assert wrong_statuses(text) == wrong


def wrong_statuses(text: str) -> set[str]:
    """The words that a page uses for the status of an action, or beside one, and that nothing is called by."""
    statuses = {status.value for status in ActionStatus}
    given = re.findall(r'(?:--status |[?&]status=|"status": ")([a-z]+)', text)
    told = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    beside: set[str] = set()
    for sentence in re.split(r"\n\n|\n(?=[|-] )|(?<=[.:;])\s", told):
        words = set(re.findall(r"`([a-z]+)`", sentence))
        if words & statuses or re.search(r"\bstatus(?:es)?\b", sentence):
            beside |= words - statuses - names()
    return beside | {word for word in given if word not in statuses}


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """What a word of code beside a status may be: of an enum, of the API, of the stream, or of a prompt."""
    values = {member.value for enum in enums().values() for member in enum}
    return frozenset({*values, *NOT_STORED, *get_args(Outcome), *_keys_and_words(openapi_document())})


def _keys_and_words(document: object) -> Iterator[str]:
    match document:
        case dict():
            for key, value in document.items():
                yield str(key)
                yield from _keys_and_words(value)
        case list():
            for value in document:
                yield from _keys_and_words(value)
        case str():
            yield document


def test_no_page_names_a_variable_that_nobody_reads() -> None:
    read = {field.upper() for field in Environment.model_fields} | READ_ELSEWHERE
    for page in pages():
        named = set(re.findall(r"\bCOACH_[A-Z_]*[A-Z]\b(?!_)", page.read_text(encoding="utf-8")))
        assert named <= read, f"{page.relative_to(ROOT)} names variables that nobody reads."


def test_the_defaults_that_are_told_are_those_that_hold() -> None:
    told = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text_of("operations/configuration.md"), re.MULTILINE)
    assert len(told) > 10
    for variable, default in told:
        holds = Environment.model_fields[variable.lower()].default
        assert (f"{holds:g}" if isinstance(holds, float) else str(holds)) == default, variable


def test_no_page_names_an_address_that_the_api_does_not_have() -> None:
    known = {re.sub(r"\{\w+\}", "{}", path) for path in openapi_document()["paths"]}
    for page in pages():
        for path in re.findall(r"/api/v1(/[a-z][\w{}/-]*)", page.read_text(encoding="utf-8")):
            plain = re.sub(r"\{\w+\}|(?<=users/)me", "{}", path)
            assert f"/api/v1{plain}" in known | BESIDE_THE_API, f"{page.relative_to(ROOT)} names {path}."


def pages() -> list[Path]:
    """Every page that somebody reads, those at the root included."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def test_every_crash_point_is_told_and_every_one_told_exists() -> None:
    page = "core-systems/action-handler/testing-an-action.md"
    assert rows_of(page, "crash point") == {point.value for point in CrashPoint}


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", text_of("decisions/index.md")))
    assert listed == {path.name for path in (DOCS / "decisions").glob("*.md")} - {"index.md"}


def test_the_menu_has_the_actions_in_the_order_of_the_enum() -> None:
    names = re.findall(r'"(\w+)"', (ROOT / "docs/actions.json").read_text(encoding="utf-8"))
    assert names == [action_type.value for action_type in ActionType]
