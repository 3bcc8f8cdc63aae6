"""The files that were built with Node, the chat page's and the documentation's, as they lie on the disk."""

import re
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

PAGE = "index.html"
DOCS = "/docs/"

HASHED = re.compile(
    r"/assets/.+-[\w-]{8}\.\w+"  # as Vite names them
    r"|/docs/(?:assets/.+[.-][0-9a-f]{8,32}|search-index-[0-9a-f]{8})\.\w+"  # as Docusaurus does
)
"""A file whose name changes with its content."""


class BuiltFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it ships no types
    """WhiteNoise, for these files beside Django's.

    They are looked for at each request: a build may be newer than the process, and the one of its start gone.
    """

    FOREVER = 365 * 24 * 60 * 60  # seconds

    def __call__(self, request: HttpRequest) -> HttpResponse:
        file = self._file(request.path_info)
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

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        if path.endswith(PAGE):
            headers["Cache-Control"] = "no-cache"  # as for the client's page
        else:
            super().add_cache_headers(headers, path, url)

    def _file(self, url: str) -> StaticFile | None:
        path = self._path(url)
        if path is None:
            return None
        try:
            return self.find_file_at_path(path, url)
        except NotARegularFileError:
            return None

    def _path(self, url: str) -> str | None:
        """Where the file of an address would be. A page of the client is none: it comes with a cookie."""
        if not self.url_is_canonical(url) or "/." in url or url.endswith(f"/{PAGE}"):
            return None
        if url.startswith(DOCS):
            file = f"{url}{PAGE}" if url.endswith("/") else url
            return str(settings.DOCS_DIR / file.removeprefix(DOCS))
        return None if url.endswith("/") else str(settings.CLIENT_DIR) + url


def is_page_of_docs(url: str) -> bool:
    """Whether the documentation has a page at this address, which ends with a slash."""
    is_canonical = WhiteNoiseMiddleware.url_is_canonical(url)
    return is_canonical and (settings.DOCS_DIR / url.removeprefix(DOCS) / PAGE).is_file()
