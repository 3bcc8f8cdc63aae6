"""Reading scenario files: all of them are good, or everything that is wrong is told, before anything runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.services.scenario_replay.reading import Faults, File, faults_in, parsed, read
from server.services.scenario_replay.scenario import Scenario


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


def load(paths: Sequence[Path]) -> list[Loaded]:
    """The scenarios of files, and of the JSON files in directories by their names. Raises `ScenarioErrors`."""
    lines: list[str] = []
    loaded: list[Loaded] = []
    for path in _files(paths, lines):
        try:
            loaded.append(Loaded(path=path, scenario=scenario_of(path)))
        except Faults as faults:
            lines.extend(faults.lines)
    lines.extend(_same_names(loaded))
    if lines:
        raise ScenarioErrors(lines)
    return loaded


def scenario_of(path: Path) -> Scenario:
    """One file's scenario. Raises `Faults`."""
    scenario, text = read(path, Scenario)
    return _without_problems(scenario, text, path)


def scenario_in(text: str, file: str) -> Scenario:
    """The scenario of a file's text; `file` is what to call it. Raises `Faults`."""
    return _without_problems(parsed(text, file, Scenario), text, file)


def _without_problems(scenario: Scenario, text: str, file: File) -> Scenario:
    if problems := list(scenario.problems()):
        raise faults_in(file, text, problems)
    return scenario


def _files(paths: Sequence[Path], lines: list[str]) -> Iterator[Path]:
    """Each file once, by whatever way it is named; `lines` takes what cannot be read."""
    seen: set[Path] = set()
    for path in paths:
        try:
            for file in _files_of(path, lines):
                if file.resolve() not in seen:
                    seen.add(file.resolve())
                    yield file
        except OSError as error:
            lines.append(f"{path} cannot be read: {error.strerror}.")


def _files_of(path: Path, lines: list[str]) -> list[Path]:
    if not path.exists():
        lines.append(f"{path} is not there: name a scenario file, or a directory of them.")
        return []
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.json"))
    if not found:
        lines.append(f"{path} has no scenario file: their names end in .json.")
    return found


def _same_names(loaded: Sequence[Loaded]) -> Iterator[str]:
    first: dict[str, Path] = {}
    for one in loaded:
        name = one.scenario.name
        if name in first:
            yield f"{one.path}: the scenario {name!r} is in {first[name]} too: give one another name."
        first.setdefault(name, one.path)
