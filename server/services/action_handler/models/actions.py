"""The action models, `{"params": …}`, derived from the params classes: nothing to add here for a new action."""

from pydantic import BaseModel, ConfigDict, create_model

from server.enums.action_type import ActionType
from server.services.action_handler.models import params as params_module
from server.services.action_handler.models.base import ActionParams, ParamsError
from server.services.action_handler.models.derived import Derived
from server.services.action_handler.retry import AttemptPolicy

PARAMS_FILE = "server/services/action_handler/models/params.py"
MADE_OF = f"the classes of {PARAMS_FILE}"


class ActionModel(BaseModel):
    """One action as it stands in a structured response."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    params: ActionParams


def params_class_name(action_type: ActionType) -> str:
    """`create_identity` → `CreateIdentityParams`."""
    return "".join(word.capitalize() for word in action_type.split("_")) + "Params"


def _params_classes() -> dict[ActionType, type[ActionParams]]:
    declared = {
        name: value
        for name, value in vars(params_module).items()
        if isinstance(value, type) and issubclass(value, ActionParams) and value is not ActionParams
    }
    wanted = {params_class_name(action_type): action_type for action_type in ActionType}
    for name in wanted.keys() - declared.keys():
        if hasattr(params_module, name):
            raise ParamsError(f"{PARAMS_FILE}: the class {name} must inherit from ActionParams.")
        raise ParamsError(
            f"{PARAMS_FILE}: the class {name} for ActionType.{wanted[name].name} is missing; add it."
        )
    for name in declared.keys() - wanted.keys():
        raise ParamsError(
            f"{PARAMS_FILE}: no ActionType belongs to the class {name}; add it to the enum or rename."
        )
    return {action_type: declared[name] for name, action_type in wanted.items()}


def _action_model(action_type: ActionType, params: type[ActionParams]) -> type[ActionModel]:
    name = params_class_name(action_type).removesuffix("Params") + "Action"
    return create_model(name, __base__=ActionModel, __doc__=params.__doc__, params=(params, ...))


ACTION_PARAMS = Derived(_params_classes(), made_of=MADE_OF)
"""The params class of each action, in canonical order."""


def known(action_type: str, version: int = 1) -> ActionType | None:
    """The action type that a stored row names, or None where this version of the code does not know it.

    A newer version may have written a type, or a version of its parameters, that is unknown here.
    """
    try:
        known_type = ActionType(action_type)
    except ValueError:
        return None
    return known_type if version <= ACTION_PARAMS[known_type].version else None


def policy_of(action_type: str) -> AttemptPolicy:
    """How often and how long an action of this type may be tried; the defaults where it is not known."""
    known_type = known(action_type)
    return ACTION_PARAMS[known_type].policy if known_type else AttemptPolicy()


ACTION_MODELS = Derived(
    {key: _action_model(key, params) for key, params in ACTION_PARAMS.items()}, made_of=MADE_OF
)
"""The action model of each action, in canonical order."""
