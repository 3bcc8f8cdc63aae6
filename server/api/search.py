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
        Q(action_type__in=_types_labelled(text))
        | Q(action_type__icontains=text)
        | Q(result_summary__icontains=text)
        | Q(error_message__icontains=text)
        | Q(values_said__icontains=text)
    )


def _types_labelled(text: str) -> list[str]:
    return [kind.value for kind in ActionType if text.casefold() in kind.label.casefold()]
