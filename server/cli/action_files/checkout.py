"""A checkout of the source: where it is, and what its files say, read as text: nothing of it is imported."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import server
from server.cli.errors import CommandError

ACTION_TYPE = Path("server/enums/action_type.py")
PARAMS = Path("server/services/action_handler/models/params.py")
HANDLERS = Path("server/services/action_handler/actions")
PROMPTS = Path("server/services/prompt_manager/prompts")
TESTS = Path("tests/actions")
PAGES = Path("docs/docs/core-systems/action-handler/actions")
ENUMS = Path("server/enums")
EXAMPLES = Path("examples/responses")
PARTS_OF_A_PAGE = Path("client/src/live/touches.ts")

NEEDED = (ACTION_TYPE, PARAMS, HANDLERS, PROMPTS, TESTS, Path("tools/generate.py"), Path("pyproject.toml"))
SYSTEM_PROMPT = "system"

T = TypeVar("T")


@dataclass(frozen=True)
class Checkout:
    """The tree under `root`."""

    root: Path

    @classmethod
    def here(cls) -> "Checkout":
        """The one that this command runs from. Raises `CommandError` where it is no checkout of the source."""
        root = Path(server.__file__).resolve().parents[1]
        missing = [path for path in NEEDED if not (root / path).exists()]
        if missing:
            raise CommandError(
                f"This command writes source files, and {str(root)!r} is no checkout of the source (it has no "
                f"{missing[0]}): clone the repository, run `make dev` there, and use its .venv/bin/coach."
            )
        return cls(root)

    def read(self, path: Path) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def parsed(self, path: Path) -> ast.Module:
        """Raises `SyntaxError`, which names the file and the line, for what Python cannot read."""
        return ast.parse(self.read(path), filename=str(path))

    @cached_property
    def action_types(self) -> dict[str, str]:
        """The wire id of each action by its name in the enum, in order."""
        return members(self.parsed(ACTION_TYPE), "ActionType")

    @cached_property
    def aliases(self) -> dict[str, str]:
        """The old name of each renamed action, and the name in the enum that it has now."""
        found = dict_named(self.parsed(ACTION_TYPE), "ALIASES")
        return {str(ast.literal_eval(key)): ast.unparse(value).split(".")[1] for key, value in entries(found)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each action, by its name in the enum."""
        found = dict_named(self.parsed(ACTION_TYPE), "LABELS")
        return {ast.unparse(key).split(".")[1]: str(ast.literal_eval(value)) for key, value in entries(found)}

    @cached_property
    def phases(self) -> list[str]:
        """The phases, in order."""
        return list(members(self.parsed(ENUMS / "coaching_phase.py"), "CoachingPhase").values())

    @cached_property
    def enums(self) -> dict[str, str]:
        """The class of each enum that a parameter may be of, by the name of its file."""
        found = {}
        for path in sorted((self.root / ENUMS).glob("*.py")):
            tree = self.parsed(path.relative_to(self.root))
            classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
            names = [one.name for one in classes if "Labelled" in (ast.unparse(base) for base in one.bases)]
            if names and path.stem != ACTION_TYPE.stem:
                found[path.stem] = names[0]
        return found

    def members_of_enum(self, module: str) -> list[str]:
        """The names of an enum's members, in order."""
        return list(members(self.parsed(ENUMS / f"{module}.py"), self.enums[module]))

    @cached_property
    def classes_of_params(self) -> list[str]:
        return [node.name for node in self.parsed(PARAMS).body if isinstance(node, ast.ClassDef)]


def members(tree: ast.Module, class_name: str) -> dict[str, str]:
    """The value of each member that the enum declares, by its name."""
    return {
        target.id: str(ast.literal_eval(node.value))
        for node in class_named(tree, class_name).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def class_named(tree: ast.Module, name: str) -> ast.ClassDef:
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return _only(found, f"class {name}")


def dict_named(tree: ast.Module, name: str) -> ast.Dict:
    """The dict that the module assigns to this name."""
    found = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Dict)
        and ast.unparse(node.target) == name
    ]
    return _only(found, f"table {name}")


def _only(found: list[T], what: str) -> T:
    if len(found) != 1:
        raise CommandError(f"The source has the {what} {len(found)} times: `make starts` says what is wrong.")
    return found[0]


def entries(found: ast.Dict) -> list[tuple[ast.expr, ast.expr]]:
    return [(key, value) for key, value in zip(found.keys, found.values, strict=True) if key is not None]
