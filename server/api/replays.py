"""`admin/replays`: replays of scenarios, past and under way, for staff."""

import logging
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from server.api import scenario_schemas as schemas
from server.api.actions import uuid_or_404
from server.api.auth import STAFF, caller_of
from server.api.paging import Paging, newest_by_age, page_of
from server.api.problems import Invalid
from server.api.schemas import Page
from server.apps.test_scenarios.models import ReplayRun
from server.enums.replay_status import ReplayStatus
from server.local import background
from server.local.errors import LocalError
from server.local.home import Home
from server.services.scenario_replay.library import NotInLibrary
from server.services.scenario_replay.run_row import ReplayUnderWay, ask_for

logger = logging.getLogger(__name__)
router = Router(tags=["admin"], auth=STAFF)

ORDER = newest_by_age("admin/replays")

GRACE_S = 50.0
"""A replay that is asked to end lets its workers end, who have 40 seconds, and removes its users."""

REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A report has its styles and its script in itself, and quotes what users wrote: it runs as nobody and asks nothing."""


@router.post("", response={201: schemas.ReplaySummary})
def start_replay(request: HttpRequest, order: schemas.ReplayOrder) -> tuple[int, schemas.ReplaySummary]:
    """Play scenarios of the library, as `coach replay` does. 409 while another that was asked for here is under way."""
    ids = list(dict.fromkeys(order.scenario_ids))
    try:
        run = ask_for(ids, copies=order.copies, started_by=caller_of(request).user.email)
    except NotInLibrary as error:
        raise Invalid(["body", "scenario_ids"], str(error)) from error
    except ReplayUnderWay as error:
        raise HttpError(409, str(error)) from error
    try:
        background.start(
            "replay",
            "run-replay",
            str(run.id),
            logs=Home.locate().logs,
            grace_s=GRACE_S,
            when_over=partial(_note_end, run.id),
        )
    except (LocalError, OSError) as error:
        ReplayRun.objects.filter(id=run.id).end(
            ReplayStatus.FAILED, reason=f"It could not be started: {error}"
        )
    return 201, schemas.ReplaySummary.of(_replay(str(run.id)))


@router.get("", response=Page[schemas.ReplaySummary])
def list_replays(request: HttpRequest, paging: Query[Paging]) -> Page[schemas.ReplaySummary]:
    """All replays through the queue, those of the command too, newest first."""
    ReplayRun.objects.end_silent()
    return page_of(_replays(), ORDER, paging, schemas.ReplaySummary.of)


@router.get("/{replay_id}", response=schemas.Replay)
def show_replay(request: HttpRequest, replay_id: str) -> schemas.Replay:
    """A replay: how far it is, and once it has ended, what became of each scenario."""
    ReplayRun.objects.end_silent()
    return schemas.Replay.of(_replay(replay_id, ReplayRun.objects.defer("report")))


@router.post("/{replay_id}/stop", response=schemas.ReplaySummary)
def stop_replay(request: HttpRequest, replay_id: str) -> schemas.ReplaySummary:
    """Ask a replay to stop; it cleans up, and says `stopped` then. 409 for one that has ended."""
    run = _replay(replay_id)
    if not ReplayRun.objects.open().filter(id=run.id).update(stop_wanted=True):
        raise HttpError(409, "The replay has ended.")
    return schemas.ReplaySummary.of(_replay(replay_id))


@router.get(
    "/{replay_id}/report",
    response={200: None},
    openapi_extra={"responses": {200: {"content": {"text/html": {}}}}},
)
def show_report(request: HttpRequest, replay_id: str) -> HttpResponse:
    """The report of a replay, as a page of HTML that needs nothing beside itself."""
    report = ReplayRun.objects.filter(id=uuid_or_404(replay_id)).values_list("report", flat=True).first()
    if not report:
        raise Http404
    return HttpResponse(
        report, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": REPORT_POLICY}
    )


def _note_end(run_id: UUID, exit_code: int) -> None:
    """A process that has ended without a word of it did not get as far as that."""
    reason = f"Its process ended before it could say why, with exit code {exit_code}: look into replay.log."
    try:
        ReplayRun.objects.filter(id=run_id).end(ReplayStatus.FAILED, reason=reason)
    except Exception:
        logger.exception("the end of the replay %s could not be written", run_id)
    finally:
        connection.close()  # this thread's own, which a pool would otherwise never see again


def _replays() -> QuerySet[ReplayRun]:
    """Without what they came to, which is long."""
    return ReplayRun.objects.defer("report", "results")


def _replay(replay_id: str, among: QuerySet[ReplayRun] | None = None) -> ReplayRun:
    run = (_replays() if among is None else among).filter(id=uuid_or_404(replay_id)).first()
    if run is None:
        raise Http404
    return run
