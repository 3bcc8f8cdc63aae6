"""The built client: its page at `/` and wherever nothing else is, and its files."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import conditional_page, require_safe
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

from server.settings.environment import environment

PAGE = "index.html"
PATHS = ("", "history", "sign-in", "sign-up")
"""Where the client shows something. Anywhere else the same page says that nothing is there."""

HASHED = re.compile(r"/assets/.+-[\w-]{8}\.\w+")
"""A file whose name changes with its content, as Vite names them."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-cache",  # a new build is seen at the next load: the browser asks whether the page changed
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class ClientFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it ships no types
    """WhiteNoise, for the client's files beside Django's.

    The client's are looked for at each request: a build may be newer than the process, and the one of its start gone.
    """

    FOREVER = 365 * 24 * 60 * 60  # seconds

    def __call__(self, request: HttpRequest) -> HttpResponse:
        file = self._client_file(request.path_info)
        response: HttpResponse = super().__call__(request) if file is None else self.serve(file, request)
        return response

    @staticmethod
    def serve(file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Read it at once: Django, which serves asynchronously, would too, with a warning for each process."""
        found = file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=found.status.value)
        # Django's own: an answer "not modified" has none, and a browser would take it for the kept file's.
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response

    def immutable_file_test(self, path: str, url: str) -> bool:
        return HASHED.fullmatch(url) is not None or bool(super().immutable_file_test(path, url))

    def _client_file(self, url: str) -> StaticFile | None:
        if not self.url_is_canonical(url) or url.endswith("/") or "/." in url or url == f"/{PAGE}":
            return None
        try:
            return self.find_file_at_path(str(settings.CLIENT_DIR) + url, url)
        except NotARegularFileError:
            return None


@require_safe
def show_client(request: HttpRequest) -> HttpResponse:
    """The client's page."""
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
