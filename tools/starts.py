"""`make starts`: does everything load that an action consists of? Nothing else can be checked where it does not."""

import importlib
import os
import sys
from collections.abc import Iterator

import django

from server.enums.made_wrong import MADE_WRONG, said_of
from tools.problems import report

LOADED = ("server.urls", "server.services.action_handler.handler")
"""Together they import what an action consists of, and what is derived from it."""


def problems() -> Iterator[str]:
    """The one problem that ends every start, if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
    try:
        django.setup()
        for module in LOADED:
            importlib.import_module(module)
    except MADE_WRONG as error:
        yield said_of(error)


if __name__ == "__main__":
    sys.exit(report("starts", problems()))
