"""No test of the model coach waits between tries."""

from collections.abc import Iterator

import pytest

from tests.model_coach.asking import quick_pauses


@pytest.fixture(autouse=True)
def _quick_pauses() -> Iterator[None]:
    with quick_pauses():
        yield
