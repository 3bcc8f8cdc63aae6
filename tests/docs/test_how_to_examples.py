"""What the guides show is held against what it is about: code, files and the words to type that are not typed here."""

import ast
import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent
from types import SimpleNamespace

import pytest
from django.db import transaction

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.users.models import User
from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.outcomes import Applied, Skipped
from server.services.action_handler.own_rows import own_live_identity
from server.services.prompt_manager import phases
from tests.cli.checkouts import CELEBRATE
from tests.contracts.sources import ROOT
from tests.docs.pages import DOCS, blocks_of

GUIDES = DOCS / "how-to"
NEW_ACTION, NEW_PHASE = GUIDES / "add-an-action.md", GUIDES / "add-a-phase.md"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
WORDS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def shell_of(page: Path) -> str:
    """All that a page gives to type, a command on each line."""
    return "\n".join([*blocks_of(page, "sh"), *blocks_of(page, "sh run")]).replace("\\\n", " ")


def test_the_action_of_the_guide_is_the_one_that_is_made_and_tried_by_a_test() -> None:
    command = next(line for line in shell_of(NEW_ACTION).splitlines() if "new-action" in line)
    given = shlex.split(command)[2:]
    options = [f"{option}={value}" for option, value in zip(given[1::2], given[2::2], strict=True)]
    assert (given[0], *options) == CELEBRATE


def test_the_handler_of_the_guide_applies_and_then_skips(user: User) -> None:
    (body,) = (block for block in blocks_of(NEW_ACTION, "python") if "return Applied" in block)
    given = {"own_live_identity": own_live_identity, "Applied": Applied, "Skipped": Skipped}
    exec(f"def handler(coach_state, params):\n{indent(body, '    ')}", given)  # noqa: S102  (our own page)
    handler = given["handler"]
    assert callable(handler)
    identity = Identity.objects.create(user=user, name="Cook", category="spiritual")
    params = SimpleNamespace(identity_id=str(identity.id), reason="Finished the course.")
    with transaction.atomic():
        outcomes = [handler(CoachState.objects.locked(user.id), params) for _ in range(2)]
    assert outcomes == [
        Applied('Celebrated the identity "Cook".'),
        Skipped('The identity "Cook" was celebrated for this already.'),
    ]
    identity.refresh_from_db()
    assert identity.notes == ["Finished the course."]


def test_the_response_of_the_guide_has_the_parameters_that_the_guide_asks_for() -> None:
    (block,) = blocks_of(NEW_ACTION, "json")
    response = json.loads(block)
    asked = [option.split("=")[1].split(":")[0] for option in CELEBRATE if option.startswith("--param=")]
    assert list(response) == ["message", CELEBRATE[0]]
    assert list(response[CELEBRATE[0]]["params"]) == asked


def test_an_alias_is_written_as_the_enum_has_it() -> None:
    (block,) = (block for block in blocks_of(NEW_ACTION, "python") if "ALIASES" in block)
    (node,) = ast.parse(block).body
    assert isinstance(node, ast.AnnAssign)
    assert isinstance(node.value, ast.Dict)
    head = ast.unparse(node).partition(" = ")[0]
    assert f"\n{head} = {{" in (ROOT / "server/enums/action_type.py").read_text(encoding="utf-8")


def test_the_prompt_of_a_new_phase_is_one_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = blocks_of(NEW_PHASE, "markdown")
    (tmp_path / "introduction.md").write_text(block)
    monkeypatch.setattr(phases, "PROMPTS", tmp_path)
    prompt = phases._load(CoachingPhase.INTRODUCTION)
    assert len(prompt.allowed_actions) == 4
    assert prompt.text.startswith("# Looking back")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_typed_is_there(page: Path) -> None:
    text = shell_of(page)
    made = {
        word
        for words in re.findall(r"\bmake((?: [a-z]+)+)", re.sub(r"#.*", "", text))
        for word in words.split()
    }
    assert made <= WORDS, f"{page.relative_to(ROOT)}: the Makefile has no {sorted(made - WORDS)}."
    for module in re.findall(r"python3? -m ([\w.]+)", text):
        assert find_spec(module), f"{page.relative_to(ROOT)}: there is no module {module}."
    for path in re.findall(r"(?<![\w/.])(?:tests|examples|server|tools)/[\w./-]+|\.env\.example", text):
        assert (ROOT / path).exists(), f"{page.relative_to(ROOT)}: there is no {path}."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_json_and_python_can_be_read(page: Path) -> None:
    for block in blocks_of(page, "json"):
        json.loads(block)
    for block in blocks_of(page, "python"):
        ast.parse(f"def block():\n{indent(block, '    ')}")
