"""Is an answer one that may be accepted?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.enums.error_kind import ErrorKind
from server.models.left_out import LeftOut
from server.services.action_handler.outcomes import Refusal, Rejected, not_allowed
from server.services.action_handler.utils.dynamic_schema import ChatResponse, phase_response_model
from server.services.coach.model_coach.leaving_out import ACTION_TYPES, left_out
from server.services.coach.model_coach.reading import NoAnswer, complete_answer
from server.services.prompt_manager.phases import allowed_actions

MESSAGE = "message"
MOST_PROBLEMS = 20
WRONG_KEY = "It has a key that does not belong there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of an answer. `problems` name the place first: `create_identity: …`.

    Where there are any, `response` has the message alone, and `left_out` the actions; `response` is None where there
    is no message either.
    """

    response: ChatResponse | None
    problems: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Problem:
    """Something that is wrong: where, in words of ours for the model, and what it means for the action there."""

    place: str
    words: str
    rejected: Rejected | None = None

    @property
    def key(self) -> str:
        return self.place.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


def check(text: str, phase: CoachingPhase) -> Checked:
    """Check an answer against the response model of its phase, and its texts against our rules."""
    try:
        answer = _without_nulls(complete_answer(text))
    except NoAnswer as error:
        return Checked(response=None, problems=(f"answer: {error}",))
    try:
        response = phase_response_model(allowed_actions(phase)).model_validate(answer)
    except ValidationError as error:
        problems = [_problem(fault, phase) for fault in error.errors(include_url=False, include_input=False)]
    else:
        problems = list(_broken_rules(response))
        if not problems:
            return Checked(response=response)
    why = {problem.key: problem.rejected for problem in reversed(problems) if problem.rejected}
    return Checked(
        response=_message_alone(answer),
        problems=tuple(islice(dict.fromkeys(map(str, problems)), MOST_PROBLEMS)),
        left_out=left_out(answer, why),
    )


def _without_nulls(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An action that is null is not wanted, whether or not it is one that the phase allows."""
    return {key: value for key, value in answer.items() if value is not None or key == MESSAGE}


def _problem(fault: Mapping[str, Any], phase: CoachingPhase) -> _Problem:
    """What is wrong, in words of ours alone: they are said as ours, and a key may hold anything."""
    *within, last = map(str, fault["loc"])
    if fault["type"] != "extra_forbidden":
        return _misshapen([*within, last], f"{fault['msg']}.")
    if within:
        return _misshapen(within, WRONG_KEY)
    if last in ACTION_TYPES:
        return _Problem(last, "This action is not allowed here.", not_allowed(ActionType(last), phase))
    return _Problem("answer", WRONG_KEY)


def _misshapen(loc: list[str], words: str) -> _Problem:
    inner = ".".join(loc[2:])  # without the action's name and `params`
    reason = (
        f'The parameter "{inner}" does not fit: {words}' if inner else f"Its parameters do not fit: {words}"
    )
    return _Problem(".".join(loc), words, Rejected(reason, ErrorKind.INVALID_PARAMS))


def _broken_rules(response: ChatResponse) -> Iterator[_Problem]:
    if not response.message.strip():
        yield _Problem(MESSAGE, "It is blank.")
    for action in response.actions():
        try:
            action.params.cleaned()
        except Refusal as refusal:
            yield _Problem(action.action_type.value, refusal.rejected.reason, refusal.rejected)


def _message_alone(answer: Mapping[str, Any]) -> ChatResponse | None:
    try:
        response = ChatResponse.model_validate({MESSAGE: answer.get(MESSAGE)})
    except ValidationError:
        return None
    return response if response.message.strip() else None
