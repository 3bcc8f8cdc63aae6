"""Reading scenario files: all of them are good, or everything that is wrong is told, before anything runs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from server.services.scenario_replay.scenario import Problem, Scenario

MOST_BYTES = 10 * 2**20
MOST_FAULTS = 20


class ScenarioErrors(Exception):
    """Files cannot be used. `lines` says of each fault the file, the line where it is known, the place and the mend."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario, and the file that it comes from."""

    path: Path
    scenario: Scenario


class _Fault(Exception):
    """What is wrong with a file; a line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def load(paths: Sequence[Path]) -> list[Loaded]:
    """The scenarios of files, and of the JSON files in directories by their names. Raises `ScenarioErrors`."""
    faults: list[str] = []
    loaded: list[Loaded] = []
    for path in dict.fromkeys(_files(paths, faults)):
        try:
            loaded.append(Loaded(path=path, scenario=scenario_of(path)))
        except _Fault as fault:
            faults.extend(fault.lines)
    faults.extend(_same_names(loaded))
    if faults:
        raise ScenarioErrors(faults)
    return loaded


def scenario_of(path: Path) -> Scenario:
    """One file's scenario."""
    text = _text(path)
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise _Fault(
            f"{path}:{error.lineno}: this is not JSON, at column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise _Fault(f"{path}: it is nested too deeply.") from error
    except ValueError as error:  # a key that stands there twice, a number of thousands of digits
        raise _Fault(f"{path}: {error}.") from error
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise _Fault(*_lines(path, text, [(fault["loc"], fault["msg"]) for fault in faults])) from error
    if problems := list(scenario.problems()):
        raise _Fault(*_lines(path, text, problems))
    return scenario


def _files(paths: Sequence[Path], faults: list[str]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            faults.append(f"{path} is not there: name a scenario file, or a directory of them.")
        elif path.is_dir():
            found = sorted(path.rglob("*.json"))
            if not found:
                faults.append(f"{path} has no scenario file: their names end in .json.")
            yield from found
        else:
            yield path


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _Fault(
                f"{path}: it has {size:,} bytes; the limit is {MOST_BYTES:,}: make several scenarios of it."
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _Fault(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _Fault(f"{path}: this is not UTF-8 text, at byte {error.start}: {error.reason}.") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object: remove one")
    return found


def _lines(path: Path, text: str, problems: Sequence[Problem]) -> list[str]:
    lines = [_line(path, text, *problem) for problem in problems[:MOST_FAULTS]]
    more = len(problems) - MOST_FAULTS
    return [*lines, f"{path}: and {more} more."] if more > 0 else lines


def _line(path: Path, text: str, loc: tuple[int | str, ...], message: str) -> str:
    place = ".".join(map(str, loc))
    words = message.removeprefix("Value error, ")
    if words == "Extra inputs are not permitted":
        words = "there is no such key: remove it, or mend its name"
    return f"{path}:{_line_number(text, loc)}: {f'{place}: ' if place else ''}{words.removesuffix('.')}."


def _line_number(text: str, loc: tuple[int | str, ...]) -> int:
    """The line on which a place stands, or the nearest around it. YAML's parser knows where it is, and reads JSON."""
    try:
        node = yaml.compose(text.replace("\t", " "), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 1
    if node is None:
        return 1
    line: int = node.start_mark.line
    for part in loc:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line + 1


def _child(node: Any, part: int | str) -> tuple[int, Any] | None:
    """The line on which a part of a value stands, and the part."""
    if isinstance(node, yaml.MappingNode):
        return next(
            ((key.start_mark.line, value) for key, value in node.value if key.value == str(part)), None
        )
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line, node.value[part]
    return None


def _same_names(loaded: Sequence[Loaded]) -> Iterator[str]:
    first: dict[str, Path] = {}
    for one in loaded:
        name = one.scenario.name
        if name in first:
            yield f"{one.path}: the scenario {name!r} is in {first[name]} too: give one another name."
        first.setdefault(name, one.path)
