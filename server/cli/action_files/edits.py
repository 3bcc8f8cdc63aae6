"""Changes of files that all actions share: the text as it is to the text as it is to be."""

import ast
import re
from textwrap import fill

from server.cli.action_files.checkout import class_named, dict_named, entries
from server.cli.action_files.kinds import KINDS, ROWS
from server.cli.action_files.wanted import NewAction, Param, constant_of, params_class_of
from server.cli.errors import CommandError

PROSE_WIDTH = 118
EVERYWHERE = "  - transition_phase\n"


def with_action_type(source: str, action: NewAction) -> str:
    """The enum and its labels, with a line for the action in each."""
    tree = ast.parse(source)
    labels = {
        ast.unparse(key): _lines(key) | _lines(value) for key, value in entries(dict_named(tree, "LABELS"))
    }
    members = {
        f"ActionType.{ast.unparse(node.targets[0])}": _lines(node)
        for node in class_named(tree, "ActionType").body
        if isinstance(node, ast.Assign)
    }
    line_of_label, line_of_member = (_line_before(lines, action) for lines in (labels, members))
    label = f'    ActionType.{action.constant}: "{action.label}",'
    member = f'    {action.constant} = "{action.name}"'
    return _inserted(source, [(line_of_label, label), (line_of_member, member)])


def _line_before(lines: dict[str, set[int]], action: NewAction) -> int:
    """The line after which a new entry stands, given those of each entry in order."""
    if action.after is None:
        return min(next(iter(lines.values()))) - 1
    return max(lines[f"ActionType.{constant_of(action.after)}"])


def without_action_type(source: str, name: str) -> str:
    """The enum, its labels and its aliases without the action."""
    tree, constant = ast.parse(source), constant_of(name)
    gone = [
        node
        for node in class_named(tree, "ActionType").body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == constant
    ]
    of_the_action = f"ActionType.{constant}"
    pairs = [
        *((key, value) for key, value in entries(dict_named(tree, "LABELS"))),
        *((key, value) for key, value in entries(dict_named(tree, "ALIASES"))),
    ]
    lines = {line for node in gone for line in _lines(node)}
    for key, value in pairs:
        if of_the_action in (ast.unparse(key), ast.unparse(value)):
            lines |= _lines(key) | _lines(value)
    aliases = dict_named(tree, "ALIASES")
    if lines & _lines(aliases) and aliases.lineno == aliases.end_lineno:
        raise CommandError("ALIASES stands on one line: write each alias on a line of its own first.")
    return _without(source, lines)


def with_params(source: str, action: NewAction, enums: dict[str, str]) -> str:
    """The params classes, with the action's after that of the action that it follows, or before all."""
    tree, written = ast.parse(source), _params_class(action, enums)
    if action.after is None:
        first = next(node for node in tree.body if isinstance(node, ast.ClassDef))
        source = _inserted(source, [(first.lineno - 1, f"{written}\n\n")])
    else:
        follows = class_named(tree, params_class_of(action.after))
        source = _inserted(source, [(follows.end_lineno, f"\n\n{written}")])
    for param in action.params:
        if param.kind in enums:
            wanted = f"from server.enums.{param.kind} import {enums[param.kind]}\n"
            if wanted not in source:
                source = source.replace("from server.", f"{wanted}from server.", 1)
    return source


def without_params(source: str, name: str) -> str:
    """The params classes without the action's."""
    gone = class_named(ast.parse(source), params_class_of(name))
    before = source.splitlines()[: gone.lineno - 1]
    blank = len(before) - len("\n".join(before).rstrip().splitlines())
    return _without(source, {*_lines(gone), *range(gone.lineno - blank, gone.lineno)})


def _params_class(action: NewAction, enums: dict[str, str]) -> str:
    fields = [f"    {param.name}: {_annotation(param, enums)}" for param in action.params]
    return "\n".join(
        [f"class {action.params_class}(ActionParams):", f'    """{action.purpose}"""', "", *fields]
    ).rstrip()


def _annotation(param: Param, enums: dict[str, str]) -> str:
    if param.kind in ROWS and not param.description:
        return ROWS[param.kind].described
    annotation = KINDS[param.kind].annotation if param.kind in KINDS else enums[param.kind]
    return f'Annotated[{annotation}, Field(description="{param.description}")]'


def with_allowed(prompt: str, action: NewAction) -> str:
    """The prompt of a phase that allows the action, and says so."""
    head, text = _parted(prompt)
    line = f"  - {action.name}\n"
    place = head.find(EVERYWHERE)
    head = head + line if place < 0 else head[:place] + line + head[place:]
    return head + _with_item(text, action)


def without_allowed(prompt: str, name: str) -> str:
    """The prompt of a phase without the action, and without the items of its lists that speak of no other one."""
    head, text = _parted(prompt)
    head = head.replace(f"  - {name}\n", "")
    for item in reversed(_items(text)):
        if set(re.findall(r"`(\w+)`", item[0])) == {name}:
            text = text[: item.start()] + text[item.end() :]
    return head + text


def _parted(prompt: str) -> tuple[str, str]:
    """The front matter up to its end mark, and the rest."""
    place = prompt.index("\n---\n", 3) + 1
    return prompt[:place], prompt[place:]


def _with_item(text: str, action: NewAction) -> str:
    item = fill(
        f"- `{action.name}`: {action.purpose}",
        PROSE_WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    items = _items(text)
    if not items:
        return f"{text.rstrip()}\n\n{item}\n"
    place = items[-1].end()
    return f"{text[:place]}{item}\n{text[place:]}"


def _items(text: str) -> list[re.Match[str]]:
    """The items of the text's lists, each with its lines."""
    return list(re.finditer(r"^- .*\n(?:  .*\n)*", text, re.MULTILINE))


def _lines(node: ast.stmt | ast.expr) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _inserted(source: str, additions: list[tuple[int | None, str]]) -> str:
    """The source with texts after lines, which are 1-based; the last line first."""
    lines = source.splitlines()
    for line, text in sorted(additions, key=lambda one: one[0] or 0, reverse=True):
        lines.insert(line or 0, text)
    return "\n".join(lines) + "\n"


def _without(source: str, gone: set[int]) -> str:
    kept = [line for number, line in enumerate(source.splitlines(), 1) if number not in gone]
    return "\n".join(kept) + "\n"
