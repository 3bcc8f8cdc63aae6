"""The built client: its page at `/` and wherever nothing else is. `server.api.built_files` serves its files."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import conditional_page, require_safe

from server.settings.environment import environment

PAGE = "index.html"
PATHS = (
    "",
    "history",
    "scenarios",
    "scenarios/:id",
    "replays",
    "replays/:id",
    "sign-in",
    "sign-up",
)
"""Where the client shows something, as its router writes it; `:id` is a UUID. Anywhere else the same page says that
nothing is there."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-cache",  # a new build is seen at the next load: the browser asks whether the page changed
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@require_safe
def show_client(request: HttpRequest, row_id: UUID | None = None) -> HttpResponse:
    """The client's page, which finds out itself what is to be seen there."""
    return _page(request, status=200)


def show_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page that is not there: the client tells browsers so. Under `/api/` it is answered as a problem instead."""
    if "text/html" not in request.headers.get("Accept", ""):
        return HttpResponse("There is nothing here.\n", status=404, content_type="text/plain; charset=utf-8")
    return _page(request, status=404)


@conditional_page
@ensure_csrf_cookie
def _page(request: HttpRequest, *, status: int) -> HttpResponse:
    try:
        page = (settings.CLIENT_DIR / PAGE).read_bytes()
    except OSError:
        return _without_client(request, is_lost=status == 404)
    return HttpResponse(page, status=status, headers=HEADERS)


def _without_client(request: HttpRequest, *, is_lost: bool) -> HttpResponse:
    """What to do where the client is not built."""
    context = {"is_lost": is_lost, "flower_url": environment().coach_flower_url}
    return render(request, "no_client.html", context, status=404 if is_lost else 503)
