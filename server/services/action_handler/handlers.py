"""How a function becomes the handler of an action."""

from collections.abc import Callable
from importlib import import_module
from inspect import iscoroutinefunction, signature
from pkgutil import iter_modules
from typing import Any, TypeVar

from server.apps.chat_messages.models import ChatMessage
from server.apps.coach_states.models import CoachState
from server.enums.action_type import ActionType
from server.enums.made_wrong import MadeWrongError, file_of
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.models.base import ActionParams
from server.services.action_handler.models.derived import Derived
from server.services.action_handler.outcomes import Outcome

Params = TypeVar("Params", bound=ActionParams)


Handler = Callable[[CoachState, Any, ChatMessage | None], Outcome]
"""One change to the user's state: (coach_state, params, coach_message) → Outcome.

It runs under the lock of the user's state row, inside the transaction that also writes the action's outcome and the
client's event. It changes rows of that user only, and does not log, retry, send, or open a transaction.
`coach_message` is None where the chat was reset since.
"""


class HandlerError(MadeWrongError, TypeError):
    """A handler is missing, doubled or misnamed; the message names the file and the mend."""


_handlers: dict[ActionType, Handler] = {}


def handles(
    params_class: type[Params],
) -> Callable[
    [Callable[[CoachState, Params, ChatMessage | None], Outcome]],
    Callable[[CoachState, Params, ChatMessage | None], Outcome],
]:
    """Register a function as the handler of the action whose params it takes; it bears the action's name.

    Raises `HandlerError` at import where names do not agree or a handler is there already.
    """

    def register(
        handler: Callable[[CoachState, Params, ChatMessage | None], Outcome],
    ) -> Callable[[CoachState, Params, ChatMessage | None], Outcome]:
        _handlers[_action_type_of(handler, params_class)] = handler
        return handler

    return register


def _action_type_of(handler: Callable[..., Outcome], params_class: type[ActionParams]) -> ActionType:
    name, file = handler.__name__, file_of(handler.__module__)
    _check_signature(handler, file)
    if name not in set(ActionType):
        raise HandlerError(
            f"{file}: {name!r} is no ActionType; name the function after the action it handles."
        )
    action_type = ActionType(name)
    if not file.endswith(f"/{name}.py"):
        raise HandlerError(f"{file}: the handler {name!r} belongs in the file {name}.py.")
    if ACTION_PARAMS[action_type] is not params_class:
        wanted = ACTION_PARAMS[action_type].__name__
        raise HandlerError(f"{file}: @handles({params_class.__name__}) must name {wanted}.")
    if action_type in _handlers:
        raise HandlerError(f"{file}: the action {name!r} has a handler already; remove one.")
    return action_type


def _check_signature(handler: Callable[..., Outcome], file: str) -> None:
    """Raises `HandlerError` for a function that the executor could not call."""
    if iscoroutinefunction(handler):
        raise HandlerError(
            f"{file}: the handler {handler.__name__!r} is async: write `def`, a worker calls it."
        )
    try:
        signature(handler).bind(None, None, None)
    except TypeError as error:
        raise HandlerError(
            f"{file}: the handler {handler.__name__!r} must take (coach_state, params, coach_message): {error}."
        ) from error


def load_handlers(package: str) -> Derived[ActionType, Handler]:
    """Import every module of the package and answer the handlers by action, in canonical order.

    Raises `HandlerError` when an action has none, or a module is no action's.
    """
    for module in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
        if module.name not in set(ActionType):
            raise HandlerError(
                f"{file_of(f'{package}.{module.name}')}: no action is called {module.name!r}: this directory has "
                "handlers alone; move it."
            )
    for action_type in ActionType:
        if action_type not in _handlers:
            raise HandlerError(
                f"{file_of(f'{package}.{action_type.value}')}: the action {action_type.value!r} has no handler; "
                f"write the file, its function marked @handles({ACTION_PARAMS[action_type].__name__})."
            )
    entries = {action_type: _handlers[action_type] for action_type in ActionType}
    return Derived(entries, made_of=f"the files of {package.replace('.', '/')}")
