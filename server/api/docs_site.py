"""The documentation where it has no page: `server.api.built_files` serves those that are there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from server.api.built_files import DOCS, is_page_of_docs

NOT_FOUND = "404.html"


@require_safe
def show_docs(request: HttpRequest, page: str = "") -> HttpResponse:
    """The way to a page that was asked for without its last slash; that there is none; or how to build them."""
    if not is_page_of_docs(DOCS):
        return render(request, "no_docs.html", status=503)
    if not request.path.endswith("/") and is_page_of_docs(f"{request.path}/"):
        return HttpResponsePermanentRedirect(f"{request.path}/")
    return _not_found(request)


def _not_found(request: HttpRequest) -> HttpResponse:
    if "text/html" not in request.headers.get("Accept", ""):
        return HttpResponse("There is nothing here.\n", status=404, content_type="text/plain; charset=utf-8")
    page = (settings.DOCS_DIR / NOT_FOUND).read_bytes()
    return HttpResponse(page, status=404, headers={"Cache-Control": "no-cache"})
