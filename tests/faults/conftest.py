"""What the fault tests share: the roles of the queue's tests, and the run's servers, which they may end."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from server.apps.actions.models import Action
from server.enums.queue_name import QueueName
from server.local.services import LocalServices
from tests.queue.conftest import busy, start, workers  # noqa: F401  (fixtures)


@pytest.fixture(autouse=True)
def _nothing_left_over() -> None:
    """What other tests accepted and never ran must not meet a fault that is meant for this one's actions."""
    Redis.from_url(settings.REDIS_URL).delete(QueueName.ACTIONS.value)
    for action in Action.objects.open():
        Action.objects.withdraw(action, "Left over by another test.")


@pytest.fixture
def servers(services: LocalServices) -> Iterator[LocalServices]:
    """The run's PostgreSQL and Redis, which the test may kill and start again; both run when it ends."""
    yield services
    for server in (services.postgres, services.redis):
        if server.record is None or server.child.exit_code is not None:
            server.start()
        else:
            os.kill(server.child.pid, signal.SIGCONT)  # a test that failed may have left it standing still
    connection.close()
