"""What the coach of a web process says, and when: a test writes it, by files."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from server.models.coach_chat_response import CoachChatResponse

VARIABLE = "SCRIPT"
NEXT, THINKS, FAILS = "next", "thinks", "fails"


class Script:
    """Read by `python -m tests.browser.scripted web`, started with `environment`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._next, self._thinks, self._fails = (directory / name for name in (NEXT, THINKS, FAILS))
        # `coach web` sets the pool before it reads the settings, which are read earlier there.
        self.environment = {VARIABLE: str(directory), "COACH_DATABASE_POOL": "10"}

    def say(self, message: str, **actions: Mapping[str, object]) -> None:
        """Let this be the coach's next answer."""
        fields = {name: {"params": params} for name, params in actions.items()}
        response = CoachChatResponse.model_validate({"message": message, **fields})
        new = self._next.with_suffix(".new")
        new.write_text(response.model_dump_json(exclude_unset=True))
        new.rename(self._next)

    def thinking(self) -> AbstractContextManager[None]:
        """The coach does not answer before the block ends."""
        return _while_there(self._thinks)

    def failing(self) -> AbstractContextManager[None]:
        """The coach cannot answer before the block ends."""
        return _while_there(self._fails)


@contextmanager
def _while_there(file: Path) -> Iterator[None]:
    file.touch()
    try:
        yield
    finally:
        file.unlink()
