"""What every params class shares: its shape is checked when it is declared, its texts when it is applied."""

from collections.abc import Sequence
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from server.enums.error_kind import ErrorKind
from server.enums.made_wrong import MadeWrongError, file_of
from server.services.action_handler.models.text import LIST_LIMIT, LookedUp, TextRule
from server.services.action_handler.outcomes import Refusal
from server.services.action_handler.retry import AttemptPolicy


class ParamsError(MadeWrongError, TypeError):
    """A params class breaks what strict structured outputs allow; the message names file, class, field and mend."""


class ActionParams(BaseModel):
    """The parameters of one action.

    The docstring and the field descriptions are what the model reads. Every field is required and described, without a
    default; its type is text, an enum, or a list of those. `version` rises when stored parameters of the old shape
    can no longer be read. `policy` says how often and how long an attempt may run.

    Raises `ParamsError` at import for a class that breaks this.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: ClassVar[int] = 1
    policy: ClassVar[AttemptPolicy] = AttemptPolicy()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        place = f"{file_of(cls.__module__)}: {cls.__name__}"
        if not (cls.__doc__ or "").strip():
            raise ParamsError(f"{place} has no docstring: write what the action does; the model reads it.")
        if cls.__bases__ != (ActionParams,):
            bases = ", ".join(base.__name__ for base in cls.__bases__)
            raise ParamsError(f"{place} is derived from {bases}: derive it from ActionParams alone.")
        if cls.model_config.get("extra") != "forbid":
            raise ParamsError(f"{place} takes extra keys: leave model_config as ActionParams has it.")
        for name, field in cls.model_fields.items():
            _check_field(f"{place}.{name}", field)

    def cleaned(self) -> Self:
        """These params with every text trimmed.

        Raises `Refusal` for a text that is blank or too long and for a list of over 100 items.
        """
        fields = type(self).model_fields
        return self.model_copy(
            update={name: _cleaned(name, getattr(self, name), field) for name, field in fields.items()}
        )


def _check_field(place: str, field: FieldInfo) -> None:
    if not field.is_required():
        raise ParamsError(
            f"{place} has a default: strict structured outputs need every field required; remove it."
        )
    if field.alias or field.validation_alias or field.serialization_alias:
        raise ParamsError(f"{place} has an alias: a parameter has one name everywhere; rename the field.")
    if not (field.description or "").strip():
        raise ParamsError(f"{place} has no description: add Field(description=…); the model reads it.")
    if NoneType in get_args(field.annotation):
        raise ParamsError(
            f"{place} may be None: strict structured outputs need every field told; use text that may be empty, "
            "OptionalProse of models/text.py."
        )
    annotation, metadata = _one_of(field)
    if annotation is str:
        _check_text(place, metadata)
    elif not (isinstance(annotation, type) and issubclass(annotation, StrEnum)):
        raise ParamsError(
            f"{place} is {_named(field.annotation)}: use text, an enum of server/enums, or a list of one of these."
        )


def _one_of(field: FieldInfo) -> tuple[Any, Sequence[Any]]:
    """The type of a field, or of the items of its list, and what is said of it."""
    if get_origin(field.annotation) is not list:
        return field.annotation, field.metadata
    (item,) = get_args(field.annotation)
    return (item.__origin__, item.__metadata__) if get_origin(item) is Annotated else (item, ())


def _check_text(place: str, metadata: Sequence[Any]) -> None:
    if not any(isinstance(one, TextRule | LookedUp) for one in metadata):
        raise ParamsError(
            f"{place} is text without a rule, so that blank and endless text would pass: use Name, Prose, "
            "OptionalProse or RowId of models/text.py."
        )


def _named(annotation: Any) -> str:
    """A type as it is written, without what is said of it: that may hold a function."""
    if get_origin(annotation) is Annotated:
        return _named(annotation.__origin__)
    if isinstance(annotation, UnionType) or get_origin(annotation) is Union:
        return " | ".join(_named(one) for one in get_args(annotation))
    if arguments := get_args(annotation):
        return f"{_named(get_origin(annotation))}[{', '.join(_named(one) for one in arguments)}]"
    if annotation is NoneType:
        return "None"
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _cleaned(name: str, value: Any, field: FieldInfo) -> Any:
    if isinstance(value, list):
        return _cleaned_list(name, value, _rule_of_items(field))
    return _cleaned_text(name, value, _rule_of(field.metadata))


def _cleaned_text(name: str, text: Any, rule: TextRule | None) -> Any:
    if isinstance(text, Enum):
        return text
    text = text.strip()
    if rule is not None and (fault := rule.broken_by(text)):
        raise Refusal(f'The parameter "{name}" {fault}.', ErrorKind.INVALID_PARAMS)
    return text


def _cleaned_list(name: str, items: list[Any], rule: TextRule | None) -> list[Any]:
    if len(items) > LIST_LIMIT:
        fault = f'The parameter "{name}" has {len(items):,} items; the limit is {LIST_LIMIT}.'
        raise Refusal(fault, ErrorKind.INVALID_PARAMS)
    return [_cleaned_text(f"{name}[{index}]", item, rule) for index, item in enumerate(items)]


def _rule_of(metadata: Any) -> TextRule | None:
    return next((rule for rule in metadata if isinstance(rule, TextRule)), None)


def _rule_of_items(field: FieldInfo) -> TextRule | None:
    (item,) = get_args(field.annotation)
    return _rule_of(get_args(item)[1:])
