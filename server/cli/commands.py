"""The `coach` command's table of contents; a command's module is imported when it is called."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


@dataclass(frozen=True, slots=True)
class Listed:
    """A command: the module of `server.cli` whose `app` has it, and its line in `coach --help`.

    Django is set up before a module that `needs_models` is imported.
    """

    module: str
    summary: str
    needs_models: bool = False


COMMANDS = {
    "up": Listed("up", "Start the whole system and keep it running."),
    "down": Listed("up", "End the system that runs in this home."),
    "status": Listed("status", "Show what runs, where, and how the actions stand."),
    "doctor": Listed("status", "Show what is set up, what is missing, and how to mend it."),
    "user": Listed("users", "Make users.", needs_models=True),
    "token": Listed("users", "Make bearer tokens for programs.", needs_models=True),
    "submit": Listed(
        "submit", "Store a structured response for a user, and apply its actions.", needs_models=True
    ),
    "chat": Listed("chat.command", "Talk to the coach in the terminal.", needs_models=True),
    "actions": Listed("actions", "List, show, retry and cancel actions.", needs_models=True),
    "replay": Listed("replay", "Play recorded conversations, and compare what comes out.", needs_models=True),
    "freeze": Listed("freeze", "Make a scenario of a user's conversation.", needs_models=True),
    "scenario": Listed("scenarios", "Work on scenario files.", needs_models=True),
    "new-action": Listed("action_files.command", "Write the files of a new action, in a checkout."),
    "remove-action": Listed("action_files.command", "Take an action out, in a checkout."),
    "prune": Listed("prune", "Remove what is older than it is kept for.", needs_models=True),
    "web": Listed("roles.web", "Run the web server."),
    "worker": Listed("roles.worker", "Run one worker, which applies actions."),
    "relay": Listed("roles.relay", "Run the relay, which publishes what is due.", needs_models=True),
    "flower": Listed("roles.flower", "Run Flower, the live view of the workers."),
    "migrate": Listed("roles.migrate", "Bring the database up to date.", needs_models=True),
}
NOT_FOR_PEOPLE = {
    "run-freeze": Listed("freeze_run", "Freeze a conversation for a staff page.", needs_models=True),
    "run-replay": Listed("replay_run", "Play a replay that a staff page asked for.", needs_models=True),
}
"""What the system starts itself."""


class ListedGroup(TyperGroup):
    """Shows `COMMANDS` without importing one of them; a command's module is imported when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, listed in COMMANDS.items():
            self.add_command(TyperCommand(name, help=listed.summary))
        for name in NOT_FOR_PEOPLE:
            self.add_command(TyperCommand(name, hidden=True))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else command_named(name), rest


def command_named(name: str) -> Any:
    listed = {**COMMANDS, **NOT_FOR_PEOPLE}[name]
    if listed.needs_models:
        import_module("django").setup()
    app: typer.Typer = import_module(f"server.cli.{listed.module}").app
    return get_group(app).commands[name]
