"""What was not given as an option is asked for."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import typer

from server.cli.action_files.checkout import Checkout
from server.cli.action_files.kinds import KINDS
from server.cli.action_files.wanted import (
    FIRST,
    NewAction,
    Param,
    check_after,
    check_label,
    check_name,
    check_params,
    check_phases,
    check_purpose,
    kinds,
    last_action,
)
from server.cli.errors import CommandError

T = TypeVar("T")


def wanted(
    checkout: Checkout,
    name: str,
    *,
    label: str | None,
    purpose: str | None,
    params: list[str] | None,
    phases: list[str] | None,
    after: str | None,
) -> NewAction:
    """The action that a person wants. Raises `CommandError` for what cannot be, and where nobody answers."""
    check_name(name, checkout)
    asked = None in (label, purpose, params, phases)
    return NewAction(
        name=name,
        label=_given_or_asked(
            label, "--label", "Label, such as Celebrate an identity", checkout, check_label
        ),
        purpose=_given_or_asked(
            purpose,
            "--purpose",
            "What it does, and when, in one sentence that the model reads",
            checkout,
            lambda text, _: check_purpose(text),
        ),
        params=check_params(params, checkout) if params is not None else _ask_params(checkout),
        phases=_given_or_asked(
            None if phases is None else " ".join(phases),
            "--phase",
            f"Phases that may use it, with spaces between, of {', '.join(checkout.phases)}, or all",
            checkout,
            lambda text, there: check_phases(text.split(), there),
        ),
        after=_ask_after(checkout)
        if asked and after is None
        else check_after(after or last_action(checkout), checkout),
    )


def _given_or_asked(
    given: str | None, option: str, question: str, checkout: Checkout, check: Callable[[str, Checkout], T]
) -> T:
    return check(given, checkout) if given is not None else _until_right(option, question, checkout, check)


def _until_right(option: str, question: str, checkout: Checkout, check: Callable[[str, Checkout], T]) -> T:
    while True:
        try:
            return check(_answer(option, question), checkout)
        except _NotAnswered as error:
            raise CommandError(str(error)) from error
        except CommandError as refusal:
            typer.echo(str(refusal), err=True)


class _NotAnswered(Exception):
    """Nobody answers: the input has ended."""


def _answer(option: str, question: str, default: str | None = None) -> str:
    try:
        answer: str = typer.prompt(question, default=default, err=True)
    except typer.Abort as error:
        raise _NotAnswered(f"Nothing was written: no answer for {option}; add it as an option.") from error
    return answer.strip()


def _ask_params(checkout: Checkout) -> tuple[Param, ...]:
    typer.echo("Parameters, one a line, as NAME:TYPE:DESCRIPTION. TYPE is one of", err=True)
    typer.echo("\n".join(_said_of_kinds(checkout)), err=True)
    words: list[str] = []
    while True:
        try:
            word = _answer("--param (or --no-params)", "Parameter, or nothing when that is all", default="")
        except _NotAnswered as error:
            raise CommandError(str(error)) from error
        if not word:
            return check_params(words, checkout)
        try:
            check_params([*words, word], checkout)
            words.append(word)
        except CommandError as refusal:
            typer.echo(str(refusal), err=True)


def _said_of_kinds(checkout: Checkout) -> Iterable[str]:
    for name in kinds(checkout):
        yield f"  {name:24} {KINDS[name].takes if name in KINDS else 'one of its values'}"


def _ask_after(checkout: Checkout) -> str | None:
    question = (
        f"After which action, in the order in which those of one response run ({FIRST} to be the first)"
    )
    while True:
        try:
            return check_after(
                _answer("--after or --first", question, default=last_action(checkout)), checkout
            )
        except _NotAnswered as error:
            raise CommandError(str(error)) from error
        except CommandError as refusal:
            typer.echo(str(refusal), err=True)
