"""What the tests of retention share: the web process of the API's tests, and the roles of the queue's."""

from tests.api.conftest import client, web  # noqa: F401  (fixtures)
from tests.queue.conftest import start  # noqa: F401  (fixture)
