"""What a JSON schema must obey so that strict structured outputs take it.

The rules are those of OpenAI's guide to structured outputs, and what its server answers where one is broken. String
lengths are in none of its lists of supported keywords, so they count as unsupported here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any

MAX_PROPERTIES = 5_000
MAX_DEPTH = 10
MAX_ENUM_VALUES = 1_000
MAX_CHARACTERS = 120_000
LONG_ENUM = 250
MAX_LONG_ENUM_CHARACTERS = 15_000

NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
KEYWORDS_OF_TYPE: Mapping[str, frozenset[str]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "string": frozenset({"pattern", "format"}),
    "number": NUMBERS,
    "integer": NUMBERS,
    "boolean": frozenset(),
    "null": frozenset(),
}
PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": NoneType,
}
KEYWORDS = frozenset(
    {"type", "title", "description", "enum", "const", "anyOf", "$ref", "$defs", "definitions"}
)
FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"},
)
MENDS: Mapping[str, str] = {
    "oneOf": "use `anyOf`",
    "allOf": "write one schema that says it all",
    "default": "remove it: every key is required",
    "patternProperties": "a free-form map cannot be told; use a list of objects",
    "propertyNames": "a free-form map cannot be told; use a list of objects",
    "minLength": "remove it, and check the text after it was read",
    "maxLength": "remove it, and check the text after it was read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSize:
    """What strict mode has limits for. `characters`: those in names of properties and definitions, and in values."""

    properties: int
    depth: int
    enum_values: int
    characters: int


Node = tuple[str, Any]
"""A schema within a schema, and its place."""


def problems_of(schema: object, name: str = "schema") -> list[str]:
    """Every rule that the schema breaks, each with its place, beginning with `name`, and the mend. Empty: none."""
    if not isinstance(schema, Mapping):
        return [f"{name} is {schema!r}: it must be an object with a `type`."]
    found = [
        f"{place} {problem}." for place, node in _nodes(name, schema) for problem in _problems(node, schema)
    ]
    if not found:  # what refers to nothing cannot be measured
        found = [f"{name} {problem}." for problem in _limits(size_of(schema))]
    return [*(f"{name} {problem}." for problem in _root_problems(schema)), *found]


def size_of(schema: Mapping[str, Any]) -> SchemaSize:
    """How large a schema is in which every reference leads somewhere."""
    nodes = [node for _, node in _nodes("", schema)]
    properties = [name for node in nodes for name in node.get("properties", {})]
    definitions = [name for node in nodes for key in _DEFINITIONS for name in node.get(key, {})]
    enum_values = [value for node in nodes for value in node.get("enum", [])]
    constants = [node["const"] for node in nodes if "const" in node]
    return SchemaSize(
        properties=len(properties),
        depth=_depth(schema, schema, frozenset()),
        enum_values=len(enum_values),
        characters=sum(len(str(one)) for one in (*properties, *definitions, *enum_values, *constants)),
    )


_DEFINITIONS = ("$defs", "definitions")


def _nodes(place: str, node: Any) -> Iterator[Node]:
    """The schema and every one within it, once, definitions included."""
    yield place, node
    if not isinstance(node, Mapping):
        return
    for inner, child in _children(place, node):
        yield from _nodes(inner, child)


def _children(place: str, node: Mapping[str, Any]) -> Iterator[Node]:
    for name, child in _mapping(node, "properties").items():
        yield f"{place}.{name}", child
    if "items" in node:
        yield f"{place}[]", node["items"]
    choices = node.get("anyOf")
    for number, child in enumerate(choices if isinstance(choices, list) else ()):
        yield f"{place}|{number}", child
    for key in _DEFINITIONS:
        for name, child in _mapping(node, key).items():
            yield f"{place}.{key}.{name}", child


def _mapping(node: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = node.get(key)
    return value if isinstance(value, Mapping) else {}


def _root_problems(schema: Mapping[str, Any]) -> Iterator[str]:
    if "anyOf" in schema:
        yield "has `anyOf` at its root: wrap it in an object"
    elif schema.get("type") != "object":
        yield "is no object at its root: wrap it in one"


def _problems(node: Any, root: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(node, Mapping):
        yield f"is {node!r}: it must be an object with a `type`"
        return
    yield from _unsupported(node)
    for key in ("description", "title"):
        if key in node and not isinstance(node[key], str):
            yield f"has a `{key}` that is no text"
    for key in _DEFINITIONS:
        if key in node and not isinstance(node[key], Mapping):
            yield f"has `{key}` that are no object"
    if "$ref" in node:
        yield from _reference_problems(node, root)
    elif "anyOf" in node:
        yield from _choice_problems(node, root)
    else:
        yield from _type_problems(node)


def _unsupported(node: Mapping[str, Any]) -> Iterator[str]:
    allowed = KEYWORDS.union(*(KEYWORDS_OF_TYPE.get(one, frozenset()) for one in _types(node)))
    for keyword in node:
        if keyword not in allowed:
            yield f"has `{keyword}`, which is not supported: {MENDS.get(keyword, 'remove it')}"


def _types(node: Mapping[str, Any]) -> list[str]:
    """The types that a schema names, as far as they are names at all."""
    named = node.get("type")
    return [one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)]


def _reference_problems(node: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[str]:
    if beside := sorted(node.keys() - {"$ref", *_DEFINITIONS}):
        yield f"has {beside} beside `$ref`: write the definition out there"
    if _target(node, root) is None:
        yield f"refers to {node['$ref']!r}, which is not there: name `#` or one of `$defs`"
    elif _leads_nowhere(node, root):
        yield f"refers to {node['$ref']!r}, which only refers to itself: write the definition out there"


def _target(node: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a reference leads to; None where it leads nowhere."""
    if node["$ref"] == "#":
        return root
    start, _, name = str(node["$ref"]).rpartition("/")
    key = start.removeprefix("#/")
    found = _mapping(root, key).get(name) if start.startswith("#/") and key in _DEFINITIONS else None
    return found if isinstance(found, Mapping) else None


def _leads_nowhere(node: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Whether following a reference leads to references alone."""
    seen: set[str] = set()
    target: Mapping[str, Any] | None = node
    while target is not None and "$ref" in target:
        if (name := str(target["$ref"])) in seen:
            return True
        seen.add(name)
        target = _target(target, root)
    return False


def _choice_problems(node: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[str]:
    if beside := sorted(node.keys() - {"anyOf", "title", "description", *_DEFINITIONS}):
        yield f"has {beside} beside `anyOf`: write them into each of its schemas"
    choices = node["anyOf"]
    if not isinstance(choices, list) or not choices:
        yield "has an `anyOf` that is no list of schemas"
        return
    first_keys = [key for choice in choices if (key := _first_key(choice, root)) is not None]
    if len(set(first_keys)) < len(first_keys):
        yield f"has objects in `anyOf` that begin with the same key, of {first_keys}: begin each with a key of its own"


def _first_key(choice: Any, root: Mapping[str, Any]) -> str | None:
    """The first key of an object; None for what is none."""
    if isinstance(choice, Mapping) and "$ref" in choice:
        choice = _target(choice, root)
    return next(iter(_mapping(choice, "properties")), None) if isinstance(choice, Mapping) else None


def _type_problems(node: Mapping[str, Any]) -> Iterator[str]:
    named = node.get("type")
    types = _types(node)
    if not types or len(types) != (len(named) if isinstance(named, list) else 1):
        yield f"has the type {named!r}: name one" if "type" in node else "has no `type`: name one"
    for unknown in sorted(set(types) - KEYWORDS_OF_TYPE.keys()):
        yield f"has the type {unknown!r}, which is none: use one of {sorted(KEYWORDS_OF_TYPE)}"
    if "object" in types:
        yield from _object_problems(node)
    if "array" in types and not isinstance(node.get("items"), Mapping):
        yield "is a list without `items`: say what is in it"
    if "format" in node and str(node["format"]) not in FORMATS:
        yield f"has the format {node['format']!r}, which is not supported: use one of {sorted(FORMATS)}"
    if "enum" in node:
        yield from _enum_problems(node["enum"])
    if {"enum", "const"} <= node.keys():
        yield "has `const` beside `enum`: name the one value in `enum`"
    values = [*_values(node, "enum"), *([node["const"]] if "const" in node else [])]
    if wrong := [value for value in values if types and not any(_is_of(value, one) for one in types)]:
        yield f"has the values {wrong}, which are not of its type"


def _values(node: Mapping[str, Any], key: str) -> list[Any]:
    values = node.get(key)
    return values if isinstance(values, list) else []


def _is_of(value: Any, named: str) -> bool:
    """Whether a plain value is of this type; true of a type that has none."""
    classes = PLAIN.get(named)
    return classes is None or (isinstance(value, classes) and (named == "boolean") == isinstance(value, bool))


def _object_problems(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("additionalProperties") is not False:
        yield "takes other keys than its own: set `additionalProperties` to false"
    if not isinstance(node.get("properties"), Mapping):
        yield "is an object without `properties`, a free-form map: name its keys"
        return
    required = node.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        yield "has a `required` that is no list of keys"
        return
    if len(set(required)) < len(required):
        yield "has a key twice in `required`: remove one"
    names = node["properties"].keys()
    if optional := [name for name in names if name not in required]:
        yield f"does not require {optional}: require every key, and let it be null where it may be missing"
    if unknown := [name for name in required if name not in names]:
        yield f"requires {unknown}, which it does not have: add or remove them"


def _enum_problems(values: Any) -> Iterator[str]:
    if not isinstance(values, list) or not values:
        yield "has an `enum` that is no list of values"
        return
    if any(isinstance(value, list | dict) for value in values):
        yield "has values in `enum` that are not plain: use texts, numbers, booleans or null"
        return
    if len({json.dumps(value) for value in values}) < len(values):
        yield "has a value twice in `enum`: remove one"
    characters = sum(len(value) for value in values if isinstance(value, str))
    if len(values) > LONG_ENUM and characters > MAX_LONG_ENUM_CHARACTERS:
        yield (
            f"has {len(values):,} values in `enum` with {characters:,} characters: "
            f"above {LONG_ENUM} values, at most {MAX_LONG_ENUM_CHARACTERS:,}"
        )


def _limits(size: SchemaSize) -> Iterator[str]:
    if size.properties > MAX_PROPERTIES:
        yield f"has {size.properties:,} properties: at most {MAX_PROPERTIES:,}"
    if size.depth > MAX_DEPTH:
        yield f"has {size.depth} levels of objects and lists: at most {MAX_DEPTH}"
    if size.enum_values > MAX_ENUM_VALUES:
        yield f"has {size.enum_values:,} values in enums: at most {MAX_ENUM_VALUES:,}"
    if size.characters > MAX_CHARACTERS:
        yield f"has {size.characters:,} characters of names and values: at most {MAX_CHARACTERS:,}"


def _depth(node: Mapping[str, Any], root: Mapping[str, Any], within: frozenset[str]) -> int:
    """How many objects and lists stand in each other; one that contains itself is counted once."""
    if "$ref" in node:
        name, target = str(node["$ref"]), _target(node, root)
        return 0 if name in within or target is None else _depth(target, root, within | {name})
    own = 1 if {"object", "array"} & {*_types(node)} else 0
    parts = {key: value for key, value in node.items() if key not in _DEFINITIONS}
    return own + max((_depth(child, root, within) for _, child in _children("", parts)), default=0)
