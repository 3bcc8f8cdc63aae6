"""`/metrics`, for Prometheus."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.api.auth import STAFF
from server.api.problems import problem_of, response_to
from server.enums.action_status import ENDED_STATUSES
from server.services.action_queue.stats import TypeCount, counts_per_type, queue_stats
from server.services.event_stream.listen import listeners

SIGNS_OF_A_PROXY = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


def show_metrics(request: HttpRequest) -> HttpResponse:
    """For a caller on this machine, or with a staff member's token."""
    try:
        if not _is_local(request):
            _check_staff(request)
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


def _check_staff(request: HttpRequest) -> None:
    if not any(way(request) for way in STAFF):
        raise AuthenticationError


class _Actions(Collector):
    """The queue's numbers, read from the database when they are asked for."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        stats, counts = queue_stats(), counts_per_type()
        yield _by_status(stats.status_counts)
        yield _attempts(counts)
        yield _finished(counts)
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
    family = GaugeMetricFamily("coach_actions", "Actions by status.", labels=["status"])
    for status, number in counted.items():
        family.add_metric([status], number)
    return family


def _attempts(counts: list[TypeCount]) -> Metric:
    family = CounterMetricFamily("coach_action_attempts", "Attempts begun, by type.", labels=["action_type"])
    total: dict[str, int] = {}
    for count in counts:
        total[count.action_type] = total.get(count.action_type, 0) + count.attempts
    for action_type, attempts in total.items():
        family.add_metric([action_type], attempts)
    return family


def _finished(counts: list[TypeCount]) -> Metric:
    labels = ["action_type", "status"]
    family = CounterMetricFamily("coach_actions_finished", "Actions that have ended, by type.", labels=labels)
    for count in counts:
        if count.status in ENDED_STATUSES:
            family.add_metric([count.action_type, count.status], count.actions)
    return family


REGISTRY = CollectorRegistry()
REGISTRY.register(_Actions())
