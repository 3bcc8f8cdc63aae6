"""`coach user` and `coach token`."""

import sys
from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from server.apps.users.models import ApiToken, User, normal_email
from server.cli.database import database
from server.cli.errors import CommandError, DidNotHoldError

app = typer.Typer()
user = typer.Typer(help="Make users.", no_args_is_help=True)
token = typer.Typer(help="Make bearer tokens for programs.", no_args_is_help=True)
app.add_typer(user, name="user")
app.add_typer(token, name="token")


@user.callback()
def user_commands() -> None:
    """Make users."""


@token.callback()
def token_commands() -> None:
    """Make bearer tokens for programs."""


@user.command("create")
def create_user(
    email: Annotated[str, typer.Option(help="What the user signs in with.")],
    password: Annotated[str | None, typer.Option(help="Their password.", show_default="asked for")] = None,
    staff: Annotated[
        bool, typer.Option("--staff", help="Let them operate the system: the admin pages and the admin API.")
    ] = False,
) -> None:
    """Make a user, who starts in the phase Introduction."""
    email = _checked_email(email)
    with database():
        if User.objects.filter(email=email).exists():
            raise _taken(email)
        password = _checked_password(password or _ask_password(), email)
        create = User.objects.create_superuser if staff else User.objects.create_user
        try:
            made = create(email, password)
        except IntegrityError as error:
            raise _taken(email) from error
    typer.echo(f"Created the {'staff ' if staff else ''}user {email} (id {made.id}).")


@token.command("create")
def create_token(
    email: Annotated[str, typer.Option(help="The user that the token acts for.")],
) -> None:
    """Make a bearer token and print it. It is shown this once: only a digest of it is kept."""
    with database():
        owner = user_of(email)
        if not owner.is_active:
            raise CommandError(f"The user {owner.email} is not active: a token would open nothing.")
        typer.echo(ApiToken.objects.issue(owner))


def user_of(email: str) -> User:
    """The user who signs in with `email`. Raises `CommandError` where there is none."""
    found = User.objects.filter(email=normal_email(email)).first()
    if found is None:
        raise CommandError(
            f"No user has the email {email!r}: make one with `coach user create --email {email}`."
        )
    return found


def _checked_email(email: str) -> str:
    email = normal_email(email)
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is no email address.") from error
    return email


def _checked_password(password: str, email: str) -> str:
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise CommandError(f"The password cannot be used: {' '.join(error.messages)}") from error
    return password


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError(
            "No password was given: add --password, or run this on a terminal to be asked for it."
        )
    try:
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
    except typer.Abort as error:
        raise DidNotHoldError("Stopped: no user was made.") from error
    return answer


def _taken(email: str) -> CommandError:
    return CommandError(f"The email {email!r} is taken: sign in with it, or choose another.")
