"""The client's types of the API: what openapi-typescript makes of the OpenAPI document."""

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import django

from tools.problems import ROOT

SCHEMA = Path("client/src/api/schema.ts")
MARK = (
    "// Generated from the OpenAPI document of server/api: do not edit, `make generate` writes it anew.\n\n"
)
GENERATOR = Path("client/node_modules/.bin/openapi-typescript")
ITS_MARK = re.compile(r"\A/\*\*.*?\*/\s*", re.DOTALL)


class GeneratorMissing(Exception):
    """openapi-typescript is one of the client's packages: run `tools/client.sh packages`."""

    def __init__(self) -> None:
        super().__init__(f"{GENERATOR} is missing. Install the client's packages: tools/client.sh packages")


def typescript_schema() -> dict[Path, str]:
    """The types of every path and shape. Raises `GeneratorMissing`."""
    return {SCHEMA: document_types()}


@cache
def document_types() -> str:
    """The same, once a process: it takes a second."""
    if not (ROOT / GENERATOR).exists():
        raise GeneratorMissing
    made = subprocess.run(
        [ROOT / "tools/client.sh", "run", GENERATOR.name],
        input=json.dumps(openapi_document()),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise RuntimeError(f"openapi-typescript failed: {made.stderr.strip() or made.stdout.strip()}")
    return MARK + ITS_MARK.sub("", made.stdout)


@cache
def openapi_document() -> Any:
    """The OpenAPI document of the API."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
    django.setup()
    # Django must be set up before its models are imported.
    from server.api.v1 import api  # noqa: PLC0415

    return api.get_openapi_schema()
