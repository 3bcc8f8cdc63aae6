"""`make starts`: does everything load that an action consists of? Nothing else can be checked where it does not."""

import importlib
import os
import sys
from collections.abc import Iterator

import django

from server.enums.made_wrong import MadeWrongError
from tools.problems import report


def problems() -> Iterator[str]:
    """The one problem that ends every start, if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
    try:
        django.setup()
        importlib.import_module("server.services.action_handler.handler")
    except MadeWrongError as error:
        yield str(error)


if __name__ == "__main__":
    sys.exit(report("starts", problems()))
