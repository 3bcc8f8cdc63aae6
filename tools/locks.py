"""Do the locks pin what pyproject.toml and package.json ask for? Needs no network; `make lock` writes them anew."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.problems import ROOT, report


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock, and what of pyproject.toml it pins beside the dependencies that every role has.

    A lock that is not `is_of_roles` pins its groups alone.
    """

    file: str
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_of_roles: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One package of a lock. `is_direct`: pyproject.toml asks for it itself."""

    version: str
    hashes: int
    is_direct: bool


LOCKS = (
    Lock(file="requirements.lock", extras=("local",), groups=("install",)),
    Lock(file="requirements-dev.lock", extras=("local",), groups=("dev",)),
    Lock(file="requirements-image.lock", groups=("install",)),
    Lock(file="requirements-node.lock", groups=("node",), is_of_roles=False),
)
BUILT_WITH_NODE = ("client", "docs")
MEND = "Run `make lock` and commit the result."


def problems(root: Path) -> Iterator[str]:
    """Everything that is wrong with the locks under `root`."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pinned: dict[str, dict[str, str]] = {}
    for lock in LOCKS:
        text = (root / lock.file).read_text(encoding="utf-8") if (root / lock.file).exists() else ""
        pins = read_pins(text)
        for problem in (*_machine_problems(text), *_pin_problems(pins, _wanted(project, lock))):
            yield f"{lock.file}: {problem} {MEND}"
        for name, pin in pins.items():
            pinned.setdefault(name, {})[lock.file] = pin.version
    for name, versions in pinned.items():
        if len(set(versions.values())) > 1:
            yield f"{name} is pinned differently: {versions}. {MEND}"
    for place in BUILT_WITH_NODE:
        for problem in _node_problems(root, place):
            yield f"{place}/package-lock.json {problem} {MEND}"


def read_pins(text: str) -> dict[str, Pin]:
    """The packages of a lock by name."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return dict(_pin(block) for block in blocks if "==" in block)


def _pin(block: str) -> tuple[str, Pin]:
    name, version = re.match(r"([\w.-]+)==([^\s;\\]+)", block).groups()  # type: ignore[union-attr]
    is_direct = "coach-actions (pyproject.toml" in block
    return canonicalize_name(name), Pin(version=version, hashes=block.count("--hash="), is_direct=is_direct)


def _machine_problems(text: str) -> Iterator[str]:
    for place in re.findall(r"\S*(?:://|--(?:extra-)?index-url|--find-links)\S*", text):
        yield f"names a place of one machine or host, {place!r}."


def _pin_problems(pins: Mapping[str, Pin], wanted: Mapping[str, Requirement]) -> Iterator[str]:
    for name, requirement in wanted.items():
        if name not in pins:
            yield f"does not pin {str(requirement)!r}."
        elif not requirement.specifier.contains(pins[name].version, prereleases=True):
            yield f"pins {name} {pins[name].version}, which is not {str(requirement)!r}."
    for name, pin in pins.items():
        if not pin.hashes:
            yield f"pins {name} without a hash."
        if pin.is_direct and name not in wanted:
            yield f"pins {name} for pyproject.toml, which does not ask for it."


def _wanted(project: Mapping[str, Any], lock: Lock) -> dict[str, Requirement]:
    extras = project["project"]["optional-dependencies"]
    lines = [*project["project"]["dependencies"]] if lock.is_of_roles else []
    lines += [line for extra in lock.extras for line in extras[extra]]
    lines += [line for group in lock.groups for line in _group(project["dependency-groups"], group)]
    requirements = map(Requirement, lines)
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def _group(groups: Mapping[str, list[Any]], name: str) -> Iterator[str]:
    for entry in groups[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _group(groups, entry["include-group"])


def _node_problems(root: Path, place: str) -> Iterator[str]:
    """A place that is named here would be asked by `npm ci`, whatever registry the machine is set to."""
    packages = json.loads((root / place / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    declared = json.loads((root / place / "package.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        if packages[""].get(kind, {}) != declared.get(kind, {}):
            yield f"does not pin the {kind} of {place}/package.json."
    for path, package in packages.items():
        if place := package.get("resolved"):
            yield f"names {place!r}, a place of one machine or host, for {path}."
        if path and not package.get("integrity"):
            yield f"pins {path} without a hash."
    # What is built for one kind of machine is optional, and npm may leave out what it could not get when it locked.
    pinned = {path.rpartition("node_modules/")[2] for path in packages}
    for path, package in packages.items():
        for name in sorted({*package.get("optionalDependencies", {})} - pinned):
            yield f"leaves out {name}, which {path} has for other kinds of machine; take a version that has it."


if __name__ == "__main__":
    sys.exit(report("locks", problems(ROOT)))
