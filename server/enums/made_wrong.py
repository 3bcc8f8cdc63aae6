"""What ends the start where the source of an action is wrong."""

from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]


class MadeWrongError(Exception):
    """An action, a prompt or a handler is not as it must be; the message names the file and the mend."""


def file_of(module: str) -> str:
    """The file of a module, as a message names it."""
    return f"{module.replace('.', '/')}.py"


def caller_of(frame: FrameType | None) -> str:
    """The file and line that called the function of the frame."""
    caller = frame.f_back if frame else None
    return f"{_within_the_source(caller.f_code.co_filename)}:{caller.f_lineno}" if caller else "A file"


MADE_WRONG = (MadeWrongError, SyntaxError)


def said_of(error: BaseException) -> str:
    """One line about one of `MADE_WRONG`, with the file and the mend."""
    if not isinstance(error, SyntaxError):
        return str(error)
    place = _within_the_source(error.filename or "A file")
    return f"{place}:{error.lineno}: Python cannot read this line ({error.msg}); mend it."


def _within_the_source(file: str) -> Path:
    path = Path(file)
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
