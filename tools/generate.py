"""Writes the committed files that are derived from the server's code: `make generate`.

With `--check` nothing is written: it shows how the files differ from what the code says.
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.action_pages import action_pages
from tools.example_responses import example_responses, stale_example_responses
from tools.generated_blocks import BlockError
from tools.problems import ROOT
from tools.reference_pages import reference_pages
from tools.scenario_schema import scenario_schema
from tools.typescript_enums import DIRECTORY, stale_typescript_enums, stray_files, typescript_enums
from tools.typescript_schema import GeneratorMissing, typescript_schema

Files = dict[Path, str]
"""What files should hold, by their path in the repository."""

GENERATORS: tuple[Callable[[], Files], ...] = (
    typescript_enums,
    typescript_schema,
    example_responses,
    action_pages,
    reference_pages,
    scenario_schema,
)
LEFTOVERS: tuple[Callable[[Path], list[Path]], ...] = (stale_typescript_enums, stale_example_responses)


def generate(root: Path) -> list[Path]:
    """Write what differs under `root` and remove what nothing generates any more; answer the paths."""
    changed = drifted(root)
    files = _files()
    for path in changed:
        target = root / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def drifted(root: Path) -> list[Path]:
    """The generated files under `root` that do not hold what the code says, leftovers among them."""
    differing = [path for path, text in _files().items() if _read(root / path) != text]
    leftovers = [path for find in LEFTOVERS for path in find(root)]
    return sorted(differing + leftovers)


def difference(root: Path, path: Path) -> Iterator[str]:
    """What `make generate` would change in a file, as a unified diff."""
    wanted = _files().get(path, "")
    return difflib.unified_diff(
        (_read(root / path) or "").splitlines(keepends=True),
        wanted.splitlines(keepends=True),
        fromfile=f"{path} (as it is)",
        tofile=f"{path} (as generated)",
    )


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, show what differs")
    is_check = parser.parse_args(arguments).check
    try:
        return _check(root) if is_check else _generate(root)
    except (GeneratorMissing, BlockError) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 1


def _generate(root: Path) -> int:
    for path in generate(root):
        print(f"generate: {path}")
    return 0


def _check(root: Path) -> int:
    changed = drifted(root)
    for path in changed:
        sys.stderr.writelines(difference(root, path))
    if changed:
        names = ", ".join(str(path) for path in changed)
        print(f"generate: out of date: {names}. Run `make generate` and commit the result.", file=sys.stderr)
    strays = [path for path in stray_files(root) if path not in changed]
    for path in strays:
        print(
            f"generate: {path} is written by hand, and {DIRECTORY} is generated from server/enums: move it to another "
            "directory of client/src, or remove it.",
            file=sys.stderr,
        )
    if changed or strays:
        return 1
    print("generate: every generated file is up to date.")
    return 0


def _files() -> Files:
    return {path: text for generator in GENERATORS for path, text in generator().items()}


def _read(path: Path) -> str | None:
    # As bytes: reading text would make one line end of another.
    return path.read_bytes().decode() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
