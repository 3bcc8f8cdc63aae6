"""Is an answer one that may be accepted?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from server.enums.action_type import ActionType
from server.services.action_handler.outcomes import Refusal
from server.services.action_handler.utils.dynamic_schema import ChatResponse
from server.services.coach.model_coach.reading import NoAnswer, complete_answer

ACTION_TYPES = frozenset(action_type.value for action_type in ActionType)
MESSAGE = "message"
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of an answer. `problems` name the place first: `create_identity: …`.

    Where there are any, `response` has the message alone; it is None where there is no message either.
    """

    response: ChatResponse | None
    problems: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    """The actions that the answer has, allowed or not."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """Why the response has none of the actions that the answer has; empty where it has them."""
        if not self.problems:
            return ()
        named = {problem.partition(":")[0].partition(".")[0] for problem in self.problems}
        others = (f"{name}: left out with the others." for name in self.wanted if name not in named)
        return (*self.problems, *others)


def check(text: str, model: type[ChatResponse]) -> Checked:
    """Check an answer against the response model of its phase, and its texts against our rules."""
    try:
        answer = complete_answer(text)
    except NoAnswer as error:
        return Checked(response=None, problems=(f"answer: {error}",))
    problems = tuple(islice(dict.fromkeys(_problems(answer, model)), MOST_PROBLEMS))
    wanted = tuple(name for name, value in answer.items() if name in ACTION_TYPES and value is not None)
    response = _message_alone(answer, model) if problems else model.model_validate(answer)
    return Checked(response=response, problems=problems, wanted=wanted)


def _problems(answer: Mapping[str, Any], model: type[ChatResponse]) -> Iterator[str]:
    try:
        response = model.model_validate(answer)
    except ValidationError as error:
        yield from (_sentence(fault) for fault in error.errors(include_url=False, include_input=False))
        return
    if not response.message.strip():
        yield f"{MESSAGE}: It is blank."
    for action in response.actions():
        try:
            action.params.cleaned()
        except Refusal as refusal:
            yield f"{action.action_type.value}: {refusal.rejected.reason}"


def _sentence(fault: Mapping[str, Any]) -> str:
    """What is wrong, in words of ours alone: it is said to the model as ours, and a key may hold anything."""
    *within, last = map(str, fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{'.'.join([*within, last])}: {fault['msg']}."
    if not within and last in ACTION_TYPES:
        return f"{last}: This action is not allowed here."
    return f"{'.'.join(within) or 'answer'}: It has a key that does not belong there."


def _message_alone(answer: Mapping[str, Any], model: type[ChatResponse]) -> ChatResponse | None:
    try:
        response = model.model_validate({MESSAGE: answer.get(MESSAGE)})
    except ValidationError:
        return None
    return response if response.message.strip() else None
