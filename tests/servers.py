"""Django on servers of one's own, for whoever has not imported a model yet."""

import os
from pathlib import Path

import django
from django.core.management import call_command

from server.local.services import LocalServices

SETTINGS = "tests.settings"


def set_up_django(services: LocalServices, home: Path) -> None:
    """Point this process, and those that it starts, at the servers, and migrate the database.

    Those that it starts have the product's settings, where they are not told otherwise.
    """
    os.environ.update(
        DATABASE_URL=services.database_url,
        REDIS_URL=services.redis_url,
        COACH_HOME=str(home),
        COACH_PROVIDER="offline",
        DJANGO_SETTINGS_MODULE=SETTINGS,
    )
    django.setup()
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings.base"
    call_command("migrate", verbosity=0)
