"""What the tests of scenarios share."""

from tests.cli.conftest import coach  # noqa: F401  (a fixture)
