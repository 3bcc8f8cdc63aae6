"""The client's copy of the server's enums: one TypeScript file per enum."""

import inspect
import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from server import enums as package
from server.enums.labelled import Labelled

DIRECTORY = Path("client/src/enums")
MARK = "// Generated from server/enums/"

TEMPLATE = """\
{mark}{module}.py: do not edit, `make generate` writes it anew.

/** {summary} */
export const {name} = {{
{members}
}} as const;

export type {name} = (typeof {name})[keyof typeof {name}];

/** What a person reads, in canonical order. */
export const {constant}_LABELS: Readonly<Record<{name}, string>> = {{
{labels}
}};
"""


def typescript_enums() -> dict[Path, str]:
    """Every enum of `server/enums`, as `client/src/enums/<camelCase>.ts`."""
    return {_path(module): _source(module, enum) for module, enum in enums().items()}


def stale_typescript_enums(root: Path) -> list[Path]:
    """Files that were generated from an enum that is gone."""
    generated = typescript_enums()
    found = (path.relative_to(root) for path in (root / DIRECTORY).glob("*.ts") if _is_generated(path))
    return [path for path in found if path not in generated]


def stray_files(root: Path) -> list[Path]:
    """What stands among the generated files and was not generated: nobody takes it out or reads it there."""
    return sorted(
        path.relative_to(root)
        for path in (root / DIRECTORY).rglob("*")
        if path.is_file() and not path.name.startswith(".") and not _is_generated(path)
    )


def enums() -> dict[str, type[Labelled]]:
    """The enum of each module that declares one."""
    return {
        module.name: value
        for module in iter_modules(package.__path__)
        for value in vars(import_module(f"{package.__name__}.{module.name}")).values()
        if _is_declared_in(value, f"{package.__name__}.{module.name}")
    }


def _is_declared_in(value: object, module: str) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, Labelled)
        and value is not Labelled
        and value.__module__ == module
    )


def _path(module: str) -> Path:
    first, *rest = module.split("_")
    return DIRECTORY / f"{first}{''.join(word.capitalize() for word in rest)}.ts"


def _source(module: str, enum: type[Labelled]) -> str:
    return TEMPLATE.format(
        mark=MARK,
        module=module,
        summary=(inspect.getdoc(enum) or enum.__name__).splitlines()[0],
        name=enum.__name__,
        constant=module.upper(),
        members=_lines((member.name, member.value) for member in enum),
        labels=_lines((member.value, member.label) for member in enum),
    )


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"  {key}: {json.dumps(value, ensure_ascii=False)}," for key, value in pairs)


def _is_generated(path: Path) -> bool:
    return path.suffix == ".ts" and path.read_text(encoding="utf-8").startswith(MARK)
