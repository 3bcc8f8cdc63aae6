"""Does docker-compose.yml say what a deployment needs? Asked without an engine.

The file is read as the engine reads it (merged, with the variables of a filled-in `.env.example`), checked against the
schema, and then for what no schema knows: every command exists, nothing secret has a default, no database is published.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from compose_spec import PyCompose
from pydantic import ValidationError
from typer.exceptions import TyperException
from typer.main import get_command

from server.cli import app as coach
from server.settings.environment import Environment

COMPOSE = "docker-compose.yml"
EXAMPLE = ".env.example"
SERVICES = ("postgres", "redis", "migrate", "web", "worker", "relay", "flower")
STORES = ("postgres", "redis")
PUBLISHED = ("web", "flower")
SECRETS = re.compile(r"PASSWORD|SECRET|AUTH|KEY")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<rest>[^}]*))?\}")
FILLED_IN = {
    "POSTGRES_PASSWORD": "0123456789abcdef",
    "COACH_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "FLOWER_BASIC_AUTH": "coach:0123456789abcdef",
}

Service = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Variable:
    """One `${NAME…}` of the file: `kind` is `?` for required, `-` for one with a default, else None."""

    name: str
    kind: str | None
    rest: str


def compose_problems(root: Path) -> Iterator[str]:
    """Everything that is wrong with `docker-compose.yml` under `root`."""
    text = (root / COMPOSE).read_text(encoding="utf-8")
    example = (root / EXAMPLE).read_text(encoding="utf-8")
    yield from _variable_problems(text, example)
    spec = yaml.safe_load(interpolate(text))
    try:
        PyCompose.from_json(json.dumps(spec)).to_spec()
    except ValueError as error:
        yield f"{COMPOSE} is no Compose file: {' '.join(str(error).split())}"
        return
    for name in SERVICES:
        if name not in spec["services"]:
            yield f"{COMPOSE}: the service {name!r} is missing; add it."
            return
    for problem in _spec_problems(spec):
        yield f"{COMPOSE}: {problem}"


def interpolate(text: str) -> str:
    """The file as the engine reads it with only the required variables set."""

    def value(match: re.Match[str]) -> str:
        variable = Variable(**match.groupdict(default=""))
        return FILLED_IN.get(variable.name, variable.rest if variable.kind == "-" else "")

    return VARIABLE.sub(value, text)


def _variable_problems(text: str, example: str) -> Iterator[str]:
    documented = set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE))
    statements = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    variables = [Variable(**match.groupdict()) for match in VARIABLE.finditer(statements)]
    for name in sorted({variable.name for variable in variables} ^ documented):
        where, other = (EXAMPLE, COMPOSE) if name in documented else (COMPOSE, EXAMPLE)
        yield f"{where} has the variable {name}, which {other} does not know; add it there or remove it."
    for variable in variables:
        if variable.kind is None:
            yield f"{COMPOSE}: {variable.name} has neither a default nor `:?`; write which."
        elif SECRETS.search(variable.name) and variable.kind == "-" and variable.rest:
            yield f"{COMPOSE}: {variable.name} is secret and has a default; write `${{{variable.name}:?…}}`."
        elif variable.kind == "?" and variable.name not in FILLED_IN:
            yield f"tools/compose.py: FILLED_IN has no value for the required variable {variable.name}; add it."


def _spec_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    services: Mapping[str, Service] = spec["services"]
    for name, service in services.items():
        for problem in (*_common_problems(service), *_place_problems(name, service)):
            yield f"the service {name!r} {problem}"
        if "build" in service:
            for problem in (
                *_command_problems(service["command"]),
                *_environment_problems(service["environment"]),
            ):
                yield f"the service {name!r} {problem}"
    yield from _volume_problems(spec)
    yield from _redis_problems(services["redis"])
    yield from _worker_problems(services["worker"])


def _common_problems(service: Service) -> Iterator[str]:
    if "restart" not in service:
        yield "has no restart policy; add one."
    healthcheck = service.get("healthcheck", {})
    if not (healthcheck.get("test") or healthcheck.get("disable")):
        yield "has no health check; add one, or disable it and say why."
    for dependency, wanted in service.get("depends_on", {}).items():
        condition = "service_completed_successfully" if dependency == "migrate" else "service_healthy"
        if wanted["condition"] != condition:
            yield f"does not wait for {dependency!r}; write the condition {condition}."
    if "build" in service and not service.get("depends_on"):
        yield "waits for nothing; add depends_on."


def _place_problems(name: str, service: Service) -> Iterator[str]:
    for port in service.get("ports", []):
        if name not in PUBLISHED:
            yield f"publishes the port {port!r}, which only {' and '.join(PUBLISHED)} may; remove it."
        elif not str(port).startswith("127.0.0.1:"):
            yield f"publishes the port {port!r} beyond this machine; begin it with ${{COACH_BIND:-127.0.0.1}}:."
    if name in STORES and not service.get("volumes"):
        yield "keeps its data in no volume; add one."


def _command_problems(command: list[str]) -> Iterator[str]:
    try:
        _parse(get_command(coach), command)
    except TyperException as error:
        yield f"runs `coach {' '.join(command)}`, which the command refuses: {error.format_message()}"


def _parse(root: Any, command: list[str]) -> None:
    """Read the words as the `coach` command does, without running anything."""
    with root.make_context("coach", [*command]) as context:
        name, found, rest = root.resolve_command(context, command)
        with found.make_context(name, rest, parent=context):
            pass


def _environment_problems(environment: Mapping[str, str]) -> Iterator[str]:
    for name in environment:
        if name.lower() not in Environment.model_fields:
            yield f"is given {name}, which the server does not know; remove it or add it to Environment."
    try:
        Environment.model_validate({name.lower(): value for name, value in environment.items() if value})
    except ValidationError as error:
        yield f"would not start: {error.errors()[0]['msg']}."
    if environment.get("COACH_ENV") != "production":
        yield "does not run with COACH_ENV=production; set it."


def _volume_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    mounts = [
        mount.split(":")[0] for service in spec["services"].values() for mount in service.get("volumes", [])
    ]
    for name in sorted(set(mounts) ^ set(spec["volumes"])):
        yield f"the volume {name!r} is not both declared and used; data belongs into declared volumes."


def _redis_problems(redis: Service) -> Iterator[str]:
    options = " ".join(redis["command"])
    for option in ("--maxmemory-policy noeviction", "--appendonly yes"):
        if option not in options:
            yield f"the service 'redis' runs without `{option}`; add it: messages must outlive memory and a restart."


def _worker_problems(worker: Service) -> Iterator[str]:
    limit_s = float(Environment.model_fields["coach_action_time_limit_s"].default)
    grace = re.fullmatch(r"(\d+)s", str(worker.get("stop_grace_period")))
    if grace is None or int(grace[1]) <= limit_s:
        yield f"the service 'worker' needs a stop_grace_period in seconds, longer than an attempt's {limit_s:g} s."
    if worker.get("deploy", {}).get("replicas", 1) < 2:
        yield "the service 'worker' has one replica; with two, one works while the other starts."
