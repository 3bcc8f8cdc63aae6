"""What the stand-in answers: a script, from Python or from a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from server.models.coach_chat_response import CoachChatResponse

MUSING = {"message": "Let me think about this for a moment, and then I will tell you what comes to my mind."}
DEEDS = {"raw", "refuse", "stall", "cut", "truncated", "content_filter", "rate_limit", "status", "repeat"}
ANSWERING = frozenset({"stall", "cut", "truncated", "content_filter", "repeat"})


class ScriptError(ValueError):
    """A script cannot be used. The message names the place, and what is wrong there."""


class Step(BaseModel):
    """What the stand-in does with one request: it answers, or one of the other things, or breaks its answer off.

    answer          a structured response, as in a response file: {"message": …, "<action_type>": {"params": {…}}}
    repeat          true: the answer stands there twice
    raw             this text in the place of an answer, whatever it is
    refuse          a refusal with this text
    stall           so many seconds of silence in the middle of the answer
    cut             the connection is cut after so many pieces of the answer
    truncated       the answer ends after so many pieces, as one that grew too long does
    content_filter  the answer ends after so many pieces, as one that a filter stopped does
    rate_limit      429, and so many seconds to wait
    status          this status, and an error

    `when` keeps a step for a user's text that holds these words, however often it comes; the other steps are taken in
    order. `wait` is how many seconds pass first. `piece` (characters) and `delay` (seconds between pieces) are the
    script's where they are not given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str = ""
    wait: float = Field(default=0.0, ge=0)
    piece: int | None = Field(default=None, ge=1)
    delay: float | None = Field(default=None, ge=0)

    answer: dict[str, Any] | None = None
    repeat: Literal[True] | None = None
    raw: str | None = None
    refuse: str | None = None
    stall: float | None = Field(default=None, ge=0)
    cut: int | None = Field(default=None, ge=0)
    truncated: int | None = Field(default=None, ge=0)
    content_filter: int | None = Field(default=None, ge=0)
    rate_limit: float | None = Field(default=None, ge=0)
    status: int | None = Field(default=None, ge=400, le=599)

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        deeds = list(self.model_dump(include=DEEDS, exclude_none=True))
        if len(deeds) > 1:
            raise ValueError(f"a step does one thing, and this one has {deeds}")
        if self.answer is None and (not deeds or self.repeat):
            raise ValueError(f"a step needs an `answer`, or one of {sorted(DEEDS)}")
        if self.answer is not None and not ANSWERING.issuperset(deeds):
            raise ValueError(f"a step with {deeds[0]!r} gives no `answer`")
        if self.answer is not None:
            _check_answer(self.answer)
        return self

    @property
    def response(self) -> dict[str, Any]:
        return MUSING if self.answer is None else self.answer


class Script(BaseModel):
    """Steps in order, for each conversation anew; `after` is what comes once they are used up.

    `piece` is how many characters come at once, `delay` how many seconds lie between two pieces. A chat that was
    cleared `begins_anew`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    name: str = ""
    piece: int = Field(default=12, ge=1)
    delay: float = Field(default=0.0, ge=0)
    begins_anew: bool = True
    steps: tuple[Step, ...] = ()
    after: Step | None = None

    @classmethod
    def of(cls, *steps: Step, **fields: Any) -> Self:
        return cls(steps=steps, **fields)

    def in_order(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.when)

    def for_text(self, text: str) -> Step | None:
        """The first step that is kept for such a text of the user."""
        return next((step for step in self.steps if step.when and step.when.lower() in text.lower()), None)


def _check_answer(answer: dict[str, Any]) -> None:
    try:
        CoachChatResponse.model_validate(answer)
    except ValidationError as error:
        raise ValueError("the answer is no structured response: " + "; ".join(_faults(error))) from error


def load_script(path: Path) -> Script:
    """The script in a YAML or JSON file. Raises `ScriptError` in one line that names the file and the place."""
    try:
        return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise ScriptError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ScriptError(f"{path}: {next(_faults(error))}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path} is no YAML: {' '.join(str(error).split())}.") from error


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        yield f"{_place(fault['loc'])}{fault['msg'].removeprefix('Value error, ')}"


def _place(loc: Sequence[int | str]) -> str:
    return ".".join(map(str, loc)) + (": " if loc else "")
