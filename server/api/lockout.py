"""Too many failed sign-ins: what django-axes counts by, and what it answers.

Its settings name these functions. It counts failures by email and address together, so that nobody can lock out
somebody else from elsewhere, and it refuses an email that nobody has as it refuses any other.
"""

import logging
import math
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from server.api.body_limit import API_PATH
from server.api.problems import Problem, response_to
from server.apps.users.models import normal_email

logger = logging.getLogger(__name__)

MAX_EMAIL = 255
"""What axes stores; to put a letter in lower case may make two of it."""

NO_ADDRESS = "::"
NETWORK_OF_ONE_CLIENT = 64


def email_of(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Whom a sign-in is for, in the form in which users are looked up."""
    return normal_email((credentials or {}).get("username") or "")[:MAX_EMAIL]


def address_of(request: HttpRequest) -> str:
    """Where a sign-in comes from. One client has a whole IPv6 network to choose addresses from: that is the place."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has none; a proxy may send anything
        return NO_ADDRESS
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), NETWORK_OF_ONE_CLIENT), strict=False).network_address)


def answer(request: HttpRequest, *_: object) -> HttpResponse:
    """429 and when to come back: a problem from the API, a page from the admin site."""
    address = address_of(request)
    wait_s = _wait_s(email_of(request, request.axes_credentials), address)  # type: ignore[attr-defined]
    logger.warning("a sign-in from %s was refused: too many failed before it", address)
    problem = Problem(
        status=429,
        detail=f"Too many failed sign-ins for this email. Try again in {_in_minutes(wait_s)}.",
        retry_after_s=wait_s,
    )
    if request.path.startswith(API_PATH):
        return response_to(problem)
    context = {**admin.site.each_context(request), "title": problem.title, "detail": problem.detail}
    page = render(request, "admin/locked_out.html", context, status=problem.status)
    page["Retry-After"] = str(wait_s)
    return page


def _wait_s(email: str, address: str) -> int:
    """Seconds until so many of the failures are old enough that fewer than the limit count."""
    counted = 0
    attempts = AccessAttempt.objects.filter(username=email, ip_address=address).order_by("-attempt_time")
    for attempt in attempts:  # one for each user agent
        counted += attempt.failures_since_start
        if counted >= settings.AXES_FAILURE_LIMIT:
            ends_in: timedelta = attempt.attempt_time + settings.AXES_COOLOFF_TIME - timezone.now()
            return max(1, math.ceil(ends_in.total_seconds()))
    return 1  # somebody has just ended the lock-out


def _in_minutes(wait_s: int) -> str:
    minutes = math.ceil(timedelta(seconds=wait_s) / timedelta(minutes=1))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
