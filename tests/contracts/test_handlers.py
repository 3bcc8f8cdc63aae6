"""What a handler may not do, read in its file. `server.testing.watching` sees the same while it runs in a test."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.contracts.sources import modules

HANDLERS = "server/services/action_handler/actions"
MAY_IMPORT = (
    "collections",
    "dataclasses",
    "datetime",
    "functools",
    "itertools",
    "re",
    "typing",
    "server.apps.chat_messages.models",
    "server.apps.coach_states.models",
    "server.apps.identities.models",
    "server.apps.user_notes.models",
    "server.enums",
    "server.services.action_handler.handlers",
    "server.services.action_handler.models",
    "server.services.action_handler.outcomes",
    "server.services.action_handler.own_rows",
    "server.services.action_handler.wording",
)
MENDS = {
    "server.apps.actions": "touches other actions: change the user's state and answer an outcome",
    "django.db": "opens a transaction, or a connection: leave both to the executor",
}
BUILTINS = {"open", "exec", "eval", "compile", "__import__", "input", "print"}
OF_OTHER_ACTIONS = {"actions", "action_set", "operator_entries"}
OF_TRANSACTIONS = {"atomic", "on_commit", "set_rollback", "savepoint", "commit", "rollback"}


def trespasses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The lines of a handler's file that do what is not for a handler to do, and the mend of each."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS:
                yield (
                    node.lineno,
                    f"calls {name}(): a handler changes rows of the user, and makes no call beyond",
                )
            case ast.Call(func=ast.Name(id="Applied" | "Skipped" | "Rejected")) if _is_blank(node):
                yield node.lineno, "answers with a blank sentence: write what a person is to read"
            case ast.ImportFrom(module=str(module)):
                names = [f"{module}.{alias.name}" for alias in node.names]
                yield from ((node.lineno, fault) for name in names if (fault := _of_import(name)))
            case ast.Import():
                yield from ((node.lineno, fault) for one in node.names if (fault := _of_import(one.name)))
            case ast.Attribute(attr=name) if name in OF_OTHER_ACTIONS:
                yield node.lineno, MENDS["server.apps.actions"]
            case ast.Attribute(attr=name) if name in OF_TRANSACTIONS:
                yield node.lineno, MENDS["django.db"]
            case ast.FunctionDef() if _is_handler(node):
                yield from _of_answers(node)


def _of_import(name: str) -> str | None:
    if any(_is_within(name, module) for module in MAY_IMPORT):
        return None
    mend = next((mend for module, mend in MENDS.items() if _is_within(name, module)), None)
    return mend or f"imports {name}: a handler changes rows of the user, and makes no call beyond"


def _is_blank(call: ast.Call) -> bool:
    """Whether an outcome's sentence is written out, and blank."""
    said = [*call.args[:1], *(one.value for one in call.keywords if one.arg in ("summary", "reason"))]
    return any(isinstance(one, ast.Constant) and not str(one.value).strip() for one in said)


def _is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _is_handler(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(one).startswith("handles(") for one in function.decorator_list)


def _of_answers(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    answers = "may end without an answer: return Applied, Skipped or Rejected"
    for node in _of_its_own(function.body):
        if isinstance(node, ast.Return) and _may_be_none(node.value):
            yield node.lineno, answers
    if not _ends(function.body):
        yield function.lineno, answers


def _of_its_own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function, without those of the functions in it."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            yield node
            yield from _of_its_own(ast.iter_child_nodes(node))


def _may_be_none(value: ast.expr | None) -> bool:
    match value:
        case None | ast.Constant(value=None):
            return True
        case ast.IfExp(body=then, orelse=otherwise):
            return _may_be_none(then) or _may_be_none(otherwise)
        case _:
            return False


def _ends(body: list[ast.stmt]) -> bool:
    match body[-1] if body else None:
        case ast.Return() | ast.Raise():
            return True
        case ast.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=finally_):
            return _ends(finally_) or (_ends(otherwise or tried) and all(_ends(one.body) for one in handlers))
        case ast.Match(cases=cases):
            return _takes_the_rest(cases[-1]) and all(_ends(one.body) for one in cases)
        case ast.If(body=then, orelse=otherwise):
            return bool(otherwise) and _ends(then) and _ends(otherwise)
        case ast.With(body=inner) | ast.For(orelse=[*inner]) if inner:
            return _ends(inner)
        case _:
            return False


def _takes_the_rest(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def test_no_handler_does_what_is_not_for_it_to_do() -> None:
    found = [
        f"{path}:{line}: it {fault}." for path, tree in modules(HANDLERS) for line, fault in trespasses(tree)
    ]
    assert not found, "\n".join(found)


IN_A_HANDLER = """
@handles(AddUserNoteParams)
def add_user_note(coach_state, params, coach_message):
    {line}
    {last}
"""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from server.apps.actions.models import Action", "touches other actions"),
        ("coach_message.actions.update(position=7)", "touches other actions"),
        ("from django.db import transaction", "opens a transaction"),
        ("transaction.atomic()", "opens a transaction"),
        ("import httpx", "imports httpx"),
        ("import requests", "imports requests"),
        ("import redis", "imports redis"),
        ("from server.services import hints", "imports server.services.hints"),
        ("from server.services.action_handler import outcomes, handler", "handler: a handler changes rows"),
        ("from urllib.request import urlopen", "imports urllib.request.urlopen"),
        ("import socket", "imports socket"),
        ("from server.services.action_queue.publisher import publisher", "makes no call beyond"),
        ("open('/tmp/x', 'w')", "calls open()"),
        ("__import__('socket')", "calls __import__()"),
        ("return Applied('.') if params else None", "may end without an answer"),
        ("return Applied('')", "answers with a blank sentence"),
        ("return Rejected(reason=' ')", "answers with a blank sentence"),
        ("return", "may end without an answer"),
        ("return None", "may end without an answer"),
    ],
)
def test_each_way_of_doing_it_is_seen(line: str, fault: str) -> None:
    ((number, said),) = trespasses(ast.parse(IN_A_HANDLER.format(line=line, last="return Applied('.')")))
    assert number == 4
    assert fault in said


@pytest.mark.parametrize(
    "last",
    [
        "pass",
        "if params:\n        return Applied('.')",
        "params.note",
        "match params.note:\n        case '':\n            return Skipped('.')",
        "match params.note:\n        case '':\n            pass\n        case _:\n            return Skipped('.')",
    ],
    ids=["pass", "if", "an expression", "match without the rest", "match with a case that goes on"],
)
def test_a_handler_that_may_return_nothing_is_seen(last: str) -> None:
    ((number, said),) = trespasses(ast.parse(IN_A_HANDLER.format(line="pass", last=last)))
    assert (number, said) == (3, "may end without an answer: return Applied, Skipped or Rejected")


@pytest.mark.parametrize(
    "last",
    [
        "try:\n        return Applied('.')\n    except ValueError:\n        return Skipped('.')",
        "def inner():\n        return\n    return Applied('.')",
        "match p:\n        case '':\n            return Skipped('.')\n        case _:\n            raise Hm",
    ],
    ids=["try", "a function within", "match"],
)
def test_a_handler_that_always_answers_is_let_pass(last: str) -> None:
    assert list(trespasses(ast.parse(IN_A_HANDLER.format(line="pass", last=last)))) == []
