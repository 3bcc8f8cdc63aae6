"""Where the old guide wanted a line by hand and none is needed any more, the file says so, and has none."""

import ast
from collections.abc import Iterator

import pytest

from server.services.action_handler import handler
from server.services.action_handler.models import actions
from server.services.action_handler.models.derived import Derived
from server.services.action_handler.utils import action_instructions, dynamic_schema
from tests.contracts.sources import ROOT

HANDLER = "server/services/action_handler"
NOTHING = "othing to add here for a new action"
GENERATED = "do not edit, `make generate` writes it anew"
WRITTEN = "`coach new-action"

PLACES = {
    "server/enums/action_type.py": WRITTEN,
    f"{HANDLER}/models/params.py": WRITTEN,
    f"{HANDLER}/models/actions.py": NOTHING,
    f"{HANDLER}/models/__init__.py": NOTHING,
    f"{HANDLER}/utils/action_instructions.py": NOTHING,
    f"{HANDLER}/utils/dynamic_schema.py": NOTHING,
    f"{HANDLER}/actions/__init__.py": NOTHING,
    f"{HANDLER}/handler.py": "Derived from its file: nothing to add here for a new action.",
    "server/models/coach_chat_response.py": NOTHING,
    "client/src/enums/actionType.ts": GENERATED,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items(), ids=PLACES)
def test_the_place_says_that_no_edit_is_needed(path: str, line: str) -> None:
    assert line in (ROOT / path).read_text(encoding="utf-8"), (
        f"{path}: say in one line what became of the edit"
    )


def test_apply_actions_says_that_it_needs_no_case() -> None:
    assert NOTHING in (handler.apply_actions.__doc__ or ""), (
        f"{HANDLER}/handler.py: say it in apply_actions, too"
    )


def test_the_maps_of_the_old_guide_are_the_derived_ones() -> None:
    mend = "is made by hand: let it be derived, as the line above it says"
    assert action_instructions.ACTION_PARAMS is actions.ACTION_PARAMS, (
        f"{HANDLER}/utils/action_instructions.py: ACTION_PARAMS {mend}"
    )
    assert dynamic_schema.ACTION_TYPE_TO_MODEL is actions.ACTION_MODELS, (
        f"{HANDLER}/utils/dynamic_schema.py: ACTION_TYPE_TO_MODEL {mend}"
    )
    assert isinstance(handler.ACTION_HANDLERS, Derived), f"{HANDLER}/handler.py: ACTION_HANDLERS {mend}"


def written_by_hand(path: str, source: str) -> Iterator[str]:
    """What stands in a place of the old guide's that nobody would look at there, with the mend."""
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name) if path.endswith("/actions.py") and name != "ActionModel":
                yield (
                    f"{path}:{node.lineno}: nobody uses the model {name}: the model of an action is derived from its "
                    "class in models/params.py; take it out"
                )
            case ast.Expr(ast.Constant(str())):
                pass
            case _ if path.endswith("/__init__.py"):
                yield (
                    f"{path}:{node.lineno}: nobody uses what stands here: a name is declared in a file of its own and "
                    "imported from there; take the line out"
                )


@pytest.mark.parametrize(
    "path",
    [f"{HANDLER}/models/actions.py", f"{HANDLER}/models/__init__.py", f"{HANDLER}/actions/__init__.py"],
)
def test_nothing_is_written_there_by_hand(path: str) -> None:
    assert not list(written_by_hand(path, (ROOT / path).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/actions.py", "class CountSheepAction(BaseModel): ..."),
        ("models/__init__.py", "from .params import CountSheepParams"),
        ("models/__init__.py", "__all__ = ['CountSheepParams']"),
        ("models/__init__.py", "__all__: list[str] = []"),
        ("models/__init__.py", "__all__ += ['CountSheepParams']"),
        ("models/__init__.py", "class CountSheepParams: ..."),
        ("actions/__init__.py", "from .count_sheep import count_sheep"),
    ],
)
def test_what_is_written_there_by_hand_is_named(path: str, line: str) -> None:
    (said,) = written_by_hand(path, f'"""Words."""\n{line}\n')
    assert said.startswith(f"{path}:2: nobody uses ")
