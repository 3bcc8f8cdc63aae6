"""Who is calling: a browser by its session, a program by its bearer token."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja.errors import AuthenticationError, HttpError
from ninja.security import APIKeyCookie, HttpBearer

from server.apps.users.models import ApiToken, User
from server.apps.users.sign_ins import BySession, ByToken, SignIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A signed-in user, and how they signed in."""

    user: User
    sign_in: SignIn

    @property
    def by_token(self) -> bool:
        return isinstance(self.sign_in, ByToken)


class BearerToken(HttpBearer):
    """`Authorization: Bearer <token>`; a wrong token is an error, even where there is a session."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        found = ApiToken.objects.bearing(token.strip()).first()
        if found is None:
            raise AuthenticationError
        return Caller(user=found.user, sign_in=ByToken(token_id=found.pk))


class Session(APIKeyCookie):
    """Django's session; a request that changes something must pass Django's CSRF check."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, once it is known that there is a session

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if not request.user.is_authenticated:
            return None
        check_csrf(request)
        return Caller(user=request.user, sign_in=_session_of(request.user, request))


def _session_of(user: User, request: HttpRequest) -> BySession:
    key = request.session.session_key
    assert key is not None, "somebody was signed in by it"
    return BySession(user_id=user.id, session_key=key, auth_hash=user.get_session_auth_hash())


class StaffToken(BearerToken):
    """A staff member's token."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return _staff(super().authenticate(request, token))


class StaffSession(Session):
    """A staff member's session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        caller = super().authenticate(request, key)
        return caller and _staff(caller)


SIGNED_IN = [BearerToken(), Session()]
STAFF = [StaffToken(), StaffSession()]


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a view that asks for one."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja once they are known
    return caller


def find_caller(request: HttpRequest) -> Caller | None:
    """Who is calling, if anyone. Raises `AuthenticationError` for a wrong token."""
    for way in SIGNED_IN:
        if caller := way(request):
            return cast(Caller, caller)
    return None


def check_csrf(request: HttpRequest) -> None:
    """Django's own check. Raises `HttpError` (403) with Django's reason."""
    check = _CsrfCheck(_no_view)
    check.process_request(request)
    request.csrf_processing_done = False  # type: ignore[attr-defined]  # the views are exempt from the first check
    reason: Any = check.process_view(request, _no_view, (), {})
    if reason is not None:
        raise HttpError(403, f"{reason} Send the csrftoken cookie's value in the header X-CSRFToken.")


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _no_view(request: HttpRequest) -> HttpResponse:
    """Stands for a view that is not exempt from the check."""
    return HttpResponse()


def _staff(caller: Caller) -> Caller:
    if not caller.user.is_staff:
        raise HttpError(403, "Only staff may do this.")
    return caller
