"""What the staff pages show: scenarios that are kept, and replays, past and under way."""

from typing import Any

from django.db.models.functions import Now

from server.apps.test_scenarios.models import ReplayRun, TestScenario
from server.enums.replay_status import ReplayStatus
from server.services.scenario_replay.library import add
from tools.problems import ROOT

FILES = ROOT / "scenarios"
STARTED_BY = "someone.of.staff@example.org"


def emptied() -> None:
    """Let there be no scenarios and no replays."""
    ReplayRun.objects.all().delete()
    TestScenario.objects.library().delete()


def kept(*stems: str) -> list[TestScenario]:
    """The project's scenarios, all or those of these files, kept in the library."""
    paths = sorted(FILES.glob("*.json"))
    wanted = [path for path in paths if not stems or path.stem in stems]
    return [add(path.read_text(), file=path.name, added_by=STARTED_BY, replace=True).row for path in wanted]


def a_run(**fields: Any) -> ReplayRun:
    """A replay, as its process would have written it."""
    usual: dict[str, Any] = {
        "state": ReplayStatus.RUNNING,
        "started_by": STARTED_BY,
        "names": [scenario.name for scenario in TestScenario.objects.library()] or ["One", "Two"],
        "copies": 10,
        "done": 132,
        "total": 220,
    }
    return ReplayRun.objects.create(**usual | fields)


def an_ended_run(state: ReplayStatus = ReplayStatus.AS_EXPECTED, **fields: Any) -> ReplayRun:
    came = {"done": 220, "actions": 4_310, "seconds": 12.4, "report": "<p>A report.</p>"}
    run = a_run(state=state, **came | fields)
    ReplayRun.objects.filter(id=run.id).update(ended_at=Now())
    return run


def differing_results(*names: str) -> dict[str, Any]:
    """As `coach replay --json` writes them: the first differs in every way there is, the others not at all."""
    first, *others = names
    return {"format": 1, "scenarios": [_differing(first), *(_result(name) for name in others)]}


def _result(name: str, **fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "name": name,
        "as_expected": True,
        "copies": 10,
        "differences": [],
        "unresolved": [],
        "unsettled": [],
        "disagreements": [],
    }
    return usual | fields


def _differing(name: str) -> dict[str, Any]:
    differences = [
        {
            "place": "identities[0].state",
            "expected": "accepted",
            "got": "proposed",
            "by": "3. accept_identity",
        },
        {
            "place": "coach_state.who_you_are",
            "expected": ["patient", "curious"],
            "got": ["patient"],
            "by": None,
        },
        {
            "place": "actions[4].result_summary",
            "expected": 'Noted "Is called Ada".',
            "got": "The note exists already, " * 40,
            "by": "5. add_user_note",
        },
        {
            "place": "identities[2]",
            "expected": "nothing",
            "got": {"name": "Cook", "state": "proposed", "notes": ["Soup."]},
            "by": "7. create_identity",
        },
    ]
    disagreement = {"place": "actions[2].status", "expected": "succeeded", "got": "dead"}
    return _result(
        name,
        as_expected=False,
        differences=differences,
        unresolved=["turns.3.response.accept_identity: there is no identity “Cook” at that moment"],
        unsettled=[4, 9],
        disagreements=[{"copy": copy, "differences": [disagreement]} for copy in range(1, 8)],
    )
