"""The results of an earlier replay, to compare with in the place of what each scenario expects."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class BaselineError(ValueError):
    """A file cannot be compared with. The message names it, and what to do."""


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    end_state: dict[str, Any]


class _Results(BaseModel):
    model_config = ConfigDict(extra="ignore")

    format: Literal[1]
    scenarios: list[_Result]


def read_baseline(path: Path, names: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The end state of each of these scenarios in a file that `coach replay --json` wrote. Raises `BaselineError`."""
    try:
        results = _Results.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise BaselineError(f"{path} is no result of `coach replay --json`: write it anew.") from error
    found = {result.name: result.end_state for result in results.scenarios}
    if missing := [name for name in names if name not in found]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise BaselineError(
            f"{path} has no result of {missing[0]!r}{more}: leave it out with --filter, or write it anew."
        )
    return found
