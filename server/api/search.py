"""Finding actions by what a person reads of them."""

from django.db.models import Func, Q, QuerySet, TextField

from server.apps.actions.models import Action
from server.enums.action_type import ActionType


class _ValuesOf(Func):
    """The texts and numbers in a JSON document, at any depth, as one text: neither its keys nor its escapes."""

    output_field = TextField()
    template = (
        r"(SELECT string_agg(inner_value #>> '{}', E'\n') FROM jsonb_path_query(%(expressions)s, 'strict $.**') "
        "AS inner_value WHERE jsonb_typeof(inner_value) IN ('string', 'number'))"
    )


def matching(rows: QuerySet[Action], text: str) -> QuerySet[Action]:
    """Those with `text` in their type, result, error or parameters, be it in upper or in lower case."""
    return rows.alias(values_said=_ValuesOf("parameters")).filter(
        Q(action_type__in=_types_of(text))
        | Q(action_type__icontains=text)
        | Q(result_summary__icontains=text)
        | Q(error_message__icontains=text)
        | Q(values_said__icontains=text)
    )


def _types_of(text: str) -> list[str]:
    """By their label or name, with the older names that rows of them may carry."""
    wanted = text.casefold()
    found = [kind for kind in ActionType if wanted in kind.label.casefold() or wanted in kind.value]
    return [wire_id for kind in found for wire_id in kind.wire_ids]
