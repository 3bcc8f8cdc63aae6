"""What the fault tests share: the roles of the queue's tests, and the run's servers, which they may end."""

from collections.abc import Iterator

import pytest
from django.db import connection

from server.local.services import LocalServices
from tests.queue.conftest import busy, start, workers  # noqa: F401  (fixtures)


@pytest.fixture
def servers(services: LocalServices) -> Iterator[LocalServices]:
    """The run's PostgreSQL and Redis, which the test may kill and start again; both run when it ends."""
    yield services
    for server in (services.postgres, services.redis):
        if server.record is None:
            server.start()
    connection.close()
