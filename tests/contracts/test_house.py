"""Where things live: every module stands on a rung of the ladder, and what the model sees brings no database."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pkgutil import iter_modules

from tests.contracts.sources import ROOT

OPENED = ("server", "server.services", "server.services.action_handler")
"""The packages whose modules stand on the ladder one by one."""


def rungs() -> set[str]:
    """The modules that the layers of pyproject.toml name."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (ladder,) = [
        contract for contract in config["tool"]["importlinter"]["contracts"] if contract["id"] == "ladder"
    ]
    return {module.strip() for layer in ladder["layers"] for module in layer.split("|")}


def house() -> Iterator[str]:
    """The modules that must stand on a rung."""
    yield "workers"
    for package in OPENED:
        for module in iter_modules([str(ROOT / package.replace(".", "/"))]):
            if (name := f"{package}.{module.name}") not in OPENED:
                yield name


def test_every_module_stands_on_a_rung_of_the_ladder() -> None:
    assert set(house()) - rungs() == set(), (
        "Add these modules to the layers of [tool.importlinter] in pyproject.toml."
    )


def test_what_the_model_sees_brings_no_models_of_the_database() -> None:
    loads = (
        "import sys, server.models.coach_chat_response, server.services.prompt_manager.assembly\n"
        "print(*(name for name in sys.modules if name.startswith(('server.apps', 'django.db.models', 'psycopg'))))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", loads], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == [], (
        "Enums, params and schema are pure: move what imports these down or away."
    )
