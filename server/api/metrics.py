"""`/metrics`, for Prometheus.

All are gauges: a total that is counted from rows falls where rows go, and a counter that falls is taken for a restart.
"""

import logging
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.api.auth import find_caller
from server.api.problems import problem_of, response_to
from server.services.action_queue.stats import TypeCount, backlog, recent_counts
from server.services.event_stream.listen import listeners

logger = logging.getLogger(__name__)

RECENT_FOR_S = 15
"""How long the numbers of the last minutes are given out again before they are counted anew."""

SIGNS_OF_A_PROXY = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


def show_metrics(request: HttpRequest) -> HttpResponse:
    """For a caller on this machine, or with a token."""
    try:
        if not _is_local(request):
            _check_signed_in(request)
        return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
    except Exception as error:  # noqa: BLE001 (as the API answers its own)
        return response_to(problem_of(error))


def _is_local(request: HttpRequest) -> bool:
    """Whether the caller is on this machine itself, and is no proxy that speaks for another one."""
    if any(sign in request.headers for sign in SIGNS_OF_A_PROXY):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR") or "").is_loopback
    except ValueError:
        return False


def _check_signed_in(request: HttpRequest) -> None:
    if find_caller(request) is None:
        raise AuthenticationError


class _Actions(Collector):
    """The queue's numbers, read from the database when they are asked for."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        stats = backlog()
        recent = cache.get_or_set("metrics.recent", _recent, RECENT_FOR_S) or []
        yield _by_status(stats.status_counts)
        yield _finished(recent)
        yield _attempts(recent)
        yield GaugeMetricFamily(
            "coach_oldest_due_seconds",
            "How long the oldest due action has waited.",
            stats.oldest_due_s or 0.0,
        )
        yield GaugeMetricFamily(
            "coach_lanes_open", "Users with actions that have not ended.", stats.lanes_open
        )
        yield GaugeMetricFamily("coach_open_streams", "Event streams open in this process.", listeners.count)


def _by_status(counted: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "coach_actions", "Actions that are open or dead, by status.", labels=["status"]
    )
    for status, number in counted.items():
        family.add_metric([status], number)
    return family


def _recent() -> list[TypeCount]:
    try:
        return recent_counts()
    except OperationalError as error:  # too many rows to look through: the rest of the page is worth more
        logger.warning("the actions that ended lately were not counted: %s", error)
        return []


def _finished(recent: list[TypeCount]) -> Metric:
    family = GaugeMetricFamily(
        "coach_recent_actions",
        "Actions that ended in the last 5 minutes, by type and status.",
        labels=["action_type", "status"],
    )
    for count in recent:
        family.add_metric([count.action_type, count.status], count.actions)
    return family


def _attempts(recent: list[TypeCount]) -> Metric:
    family = GaugeMetricFamily(
        "coach_recent_attempts",
        "Attempts taken by the actions that ended in the last 5 minutes, by type and status.",
        labels=["action_type", "status"],
    )
    for count in recent:
        family.add_metric([count.action_type, count.status], count.attempts)
    return family


REGISTRY = CollectorRegistry()
REGISTRY.register(_Actions())
