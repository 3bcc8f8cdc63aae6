"""What the tests of scenarios share."""

from tests.cli.conftest import coach, coach_here  # noqa: F401  (fixtures)
