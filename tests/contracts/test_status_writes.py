"""R4 can be read in one file only while no other one writes a status."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.contracts.sources import modules

THE_ONE = "server/apps/actions/queries.py"
WRITING_METHODS = {
    "update",
    "create",
    "acreate",
    "aupdate",
    "update_or_create",
    "get_or_create",
    "bulk_update",
}
WRITING_SQL = re.compile(r"\b(UPDATE|INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO)\s+\"?actions\b", re.IGNORECASE)


def status_writes(tree: ast.Module) -> Iterator[int]:
    """The lines that write the status of an action, or reach for its table with SQL of their own."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
                writes = _assigns_status(node)
            case ast.Call():
                writes = _passes_status(node)
            case ast.Constant(value=str(text)):
                writes = WRITING_SQL.search(text) is not None
            case _:
                writes = False
        if writes and isinstance(node, ast.stmt | ast.expr):
            yield node.lineno


def _assigns_status(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)


def _passes_status(node: ast.Call) -> bool:
    match node.func:
        case ast.Name(id="Action"):
            writes = True
        case ast.Attribute(attr=name):
            writes = name in WRITING_METHODS
        case _:
            writes = False
    return writes and (
        any(keyword.arg == "status" for keyword in node.keywords)
        or any(_lists_status(argument) for argument in node.args)
    )


def _lists_status(argument: ast.expr) -> bool:
    elements = argument.elts if isinstance(argument, ast.List | ast.Tuple) else []
    return any(isinstance(element, ast.Constant) and element.value == "status" for element in elements)


def test_one_module_alone_writes_the_status_of_an_action() -> None:
    found = [
        f"{path}:{line}"
        for path, tree in modules("server", "workers")
        for line in status_writes(tree)
        if path != THE_ONE
    ]
    assert not found, f"These lines write an action's status: make each a verb of {THE_ONE} and call it."


@pytest.mark.parametrize(
    "source",
    [
        "action.status = ActionStatus.QUEUED",
        "Action.objects.filter(id=key).update(status='queued')",
        "Action(user=user, status='running')",
        "Action.objects.bulk_update(actions, ['due_at', 'status'])",
        "cursor.execute('UPDATE actions SET published_at = now()')",
    ],
)
def test_each_way_of_writing_a_status_is_seen(source: str) -> None:
    assert list(status_writes(ast.parse(source))) == [1]


@pytest.mark.parametrize(
    "source",
    ["Action.objects.filter(status='queued')", "print(action.status)", "Action(user=user, position=0)"],
)
def test_reading_a_status_is_no_write(source: str) -> None:
    assert not list(status_writes(ast.parse(source)))
