"""Data in a prompt: JSON between marks that no text in it can hold."""

import json
import re
from collections.abc import Iterable, Mapping

# `<` and `>` would make marks, a backtick a fence, and the others end a line or are no characters at all.
_ESCAPED = re.compile("[<>`\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def encoded(value: object) -> str:
    """The value as JSON on one line, without a mark or a fence in it."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def block(mark: str, data: str) -> str:
    """JSON between `<mark>` and `</mark>`, each on a line of its own."""
    return f"<{mark}>\n{data}\n</{mark}>"


def listed(values: Iterable[object]) -> str:
    """A JSON list with a line for each value."""
    lines = ",\n".join(encoded(value) for value in values)
    return f"[\n{lines}\n]" if lines else "[]"


def keyed(values: Mapping[str, object]) -> str:
    """A JSON object with a line for each key, and for each item of a list."""
    lines = (
        f"{encoded(key)}: {listed(value) if isinstance(value, list) else encoded(value)}"
        for key, value in values.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}"
