"""`/`: what this is, and where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from server.settings.environment import environment


def show_landing(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "landing.html", {"flower_url": environment().coach_flower_url})


def show_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page that is not there. Under `/api/` it is answered as a problem instead."""
    return render(request, "landing.html", {"is_lost": True}, status=404)
