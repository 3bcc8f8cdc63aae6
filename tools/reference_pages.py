"""The pages that are generated as a whole: the HTTP API, from its OpenAPI document, and the `coach` command."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

from server.cli.commands import COMMANDS, command_named
from tools.action_pages import table
from tools.typescript_schema import openapi_document

REFERENCE = Path("docs/docs/reference")
API, COMMANDS_PAGE = REFERENCE / "api.md", REFERENCE / "commands.md"
MARK = "<!-- Generated from {source}: do not edit, `make generate` writes it anew. -->"
REF = "#/components/schemas/"
METHODS = ("get", "post", "put", "patch", "delete")
WORDS: Mapping[str, str] = {"auth": "Signing in", "chat": "The chat", "state": "What has come of it"}

INTRODUCTION = """\
`make up` puts it into `.venv/bin`. Errors are one line on stderr; the exit code is 2 for bad usage or input, and 1
where something did not hold. Each command has `--help`."""

Json = Mapping[str, Any]


def reference_pages() -> dict[Path, str]:
    return {API: _api(openapi_document()), COMMANDS_PAGE: _commands()}


# The API


def _api(document: Json) -> str:
    schemas = document["components"]["schemas"]
    told = [
        name
        for name in schemas
        if not name.endswith(("Params", "Action")) or name in ("Action", "AdminAction")
    ]
    parts = [
        "---\ntitle: The HTTP API\nsidebar_position: 1\n---",
        MARK.format(source="the OpenAPI document of server/api"),
        cleandoc(document["info"]["description"]),
        "The document itself is at `/api/v1/openapi.json`, and pages to try it at `/api/v1/docs`, of a running system.",
        *_operations(document["paths"], told),
        "## Shapes",
        *(_shape(name, schemas[name], told) for name in sorted(told)),
    ]
    return "\n\n".join(parts) + "\n"


def _operations(paths: Json, told: list[str]) -> Iterator[str]:
    by_tag: dict[str, list[str]] = {}
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                by_tag.setdefault(operation["tags"][0], []).append(_operation(method, path, operation, told))
    for tag, operations in by_tag.items():
        yield f"## {WORDS.get(tag, tag.capitalize())}"
        yield from operations


def _operation(method: str, path: str, operation: Json, told: list[str]) -> str:
    parts = [f"### `{method.upper()} {path}`", cleandoc(operation.get("description", ""))]
    if rows := [_parameter(one, told) for one in operation.get("parameters", [])]:
        parts.append(table(("parameter", "in", "type", "what it is"), rows))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    lines = [f"- Body: {_type(body['schema'], told)}"] if body else []
    lines += [_answer(code, answer, told) for code, answer in operation["responses"].items()]
    parts.append("\n".join([*lines, f"- For: {_for_whom(operation)}"]))
    return "\n\n".join(parts)


def _parameter(parameter: Json, told: list[str]) -> tuple[str, ...]:
    kind = _type(parameter["schema"], told)
    needed = ", required" if parameter.get("required") else ""
    return f"`{parameter['name']}`", parameter["in"], f"{kind}{needed}", parameter.get("description", "")


def _answer(code: str, answer: Json, told: list[str]) -> str:
    content = answer.get("content", {})
    kinds = [f"{_type(one['schema'], told)} (`{kind}`)" for kind, one in content.items() if one.get("schema")]
    what = " or ".join(kinds) or "nothing" if str(code) != "default" else "[Problem](#problem)"
    headers = "".join(f", with `{name}`" for name in answer.get("headers", {}))
    return f"- {'Error' if str(code) == 'default' else code}: {what.replace(' (`application/json`)', '')}{headers}"


def _for_whom(operation: Json) -> str:
    names = {name for one in operation.get("security", []) for name in one}
    if not names:
        return "anyone"
    return "staff" if all(name.startswith("Staff") for name in names) else "who is signed in, or has a token"


def _shape(name: str, schema: Json, told: list[str]) -> str:
    parts = [f"### {name}", cleandoc(schema.get("description", ""))]
    properties = schema.get("properties", {})
    if name == "CoachChatResponse":
        parts.append(
            'Beside `message`, a key for each action, named after it: `{"params": …}` or null. '
            "[The actions](../core-systems/action-handler/overview.md) says what stands in there."
        )
        properties = {"message": properties["message"]}
    if properties:
        rows = [(f"`{key}`", _type(one, told), one.get("description", "")) for key, one in properties.items()]
        parts.append(table(("key", "type", "what it is"), rows))
    elif "enum" in schema:
        parts.append(_values(schema["enum"]))
    return "\n\n".join(part for part in parts if part)


def _type(schema: Json, told: list[str]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return f"[{name}](#{name.lower()})" if name in told else f"`{name}`"
    if "anyOf" in schema or "allOf" in schema:
        return " or ".join(_type(one, told) for one in schema.get("anyOf", schema.get("allOf")))
    if "enum" in schema:
        return _values(schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'], told)}"
    kind = str(schema.get("type", "anything"))
    return f"{schema['format']}" if "format" in schema else kind


def _values(values: list[object]) -> str:
    return ", ".join(f"`{value}`" for value in values)


# The command


def _commands() -> str:
    parts = [
        "---\ntitle: The coach command\nsidebar_position: 2\n---",
        MARK.format(source="server/cli"),
        INTRODUCTION,
        table(
            ("command", "what it does"),
            [(f"[`coach {name}`](#coach-{name})", one.summary) for name, one in COMMANDS.items()],
        ),
        *(part for name in COMMANDS for part in _command(f"coach {name}", command_named(name), "##")),
    ]
    return "\n\n".join(parts) + "\n"


def _command(name: str, command: Any, level: str) -> Iterator[str]:
    yield f"{level} `{name}`"
    yield cleandoc(command.help or "")
    if inner := getattr(command, "commands", None):
        for word, one in inner.items():
            yield from _command(f"{name} {word}", one, f"{level}#")
        return
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(piece for one in command.params for piece in one.get_usage_pieces(context))
    yield f"```text\n{name} [OPTIONS] {usage}".rstrip() + "\n```"
    if rows := [_option(one, context) for one in command.params if not one.hidden and one.name != "help"]:
        yield table(("option", "what it is"), rows)


def _option(option: Any, context: Any) -> tuple[str, str]:
    record = option.get_help_record(context)
    names, text = record or (option.name.upper(), option.help or "")
    return f"`{names}`", " ".join(text.split())
