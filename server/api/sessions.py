"""`auth/…`: signing up, in and out."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router
from ninja.errors import HttpError

from server.api import schemas
from server.api.auth import check_csrf, find_caller
from server.api.problems import Invalid
from server.apps.users.models import User, normal_email
from server.settings.environment import environment

router = Router(tags=["auth"])

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]
"""Django must be told whose word a new user's session goes by: there are two."""
SIGNS_OF_A_BROWSER = ("Origin", "Referer", "Sec-Fetch-Site", "Cookie")


@router.post("/signup", response={201: schemas.SessionState}, auth=None)
def sign_up(request: HttpRequest, credentials: schemas.Credentials) -> schemas.SessionState:
    """Make a user and sign in. 409 where the email is taken."""
    _check_csrf_of_browsers(request)
    return _begin_session(request, _new_user(credentials))


@router.post("/login", response=schemas.SessionState, auth=None)
def sign_in(request: HttpRequest, credentials: schemas.Credentials) -> schemas.SessionState:
    """Sign in: sets the session's cookie, and a new CSRF cookie. 429, with `Retry-After`, after too many failures."""
    _check_csrf_of_browsers(request)
    user = authenticate(request, username=credentials.email, password=credentials.password)
    if not isinstance(user, User):
        raise HttpError(401, "The email or the password is wrong.")
    return _begin_session(request, user)


@router.post("/logout", response=schemas.SessionState, auth=None)
def sign_out(request: HttpRequest) -> schemas.SessionState:
    """Sign out: ends the session."""
    _check_csrf_of_browsers(request)
    logout(request)
    return _state(None)


@router.get("/session", response=schemas.SessionState, auth=None)
def show_session(request: HttpRequest) -> schemas.SessionState:
    """Who is signed in, or null. Sets the CSRF cookie that a browser needs for everything else."""
    get_token(request)
    caller = find_caller(request)
    return _state(None if caller is None else caller.user)


def _check_csrf_of_browsers(request: HttpRequest) -> None:
    """A page elsewhere must not sign its reader in; a plain program, which shows no sign of a browser, may sign in."""
    if any(sign in request.headers for sign in SIGNS_OF_A_BROWSER):
        check_csrf(request)


def _new_user(credentials: schemas.Credentials) -> User:
    email = normal_email(credentials.email)
    _validate("email", lambda: validate_email(email))
    _validate("password", lambda: validate_password(credentials.password, User(email=email)))
    try:
        with transaction.atomic():
            return User.objects.create_user(email, credentials.password)
    except IntegrityError as error:
        raise HttpError(409, "There is a user with this email already: sign in instead.") from error


def _validate(field: str, check: Callable[[], None]) -> None:
    try:
        check()
    except ValidationError as error:
        raise Invalid(["body", field], *error.messages) from error


def _begin_session(request: HttpRequest, user: User) -> schemas.SessionState:
    """Sign the user in, in a new session: Django goes on with one that is theirs already."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    return _state(user)


def _state(user: User | None) -> schemas.SessionState:
    is_staff = user is not None and user.is_staff
    return schemas.SessionState(
        user=None if user is None else schemas.User.of(user),
        coach=schemas.Coach(provider=environment().provider),
        flower_url=(environment().coach_flower_url or None) if is_staff else None,
    )
