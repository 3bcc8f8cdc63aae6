"""How long it takes from an action's commit until its line on the page has changed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

from server.apps.actions.models import Action
from server.apps.users.models import User
from tests.browser.pages import Chat
from tests.browser.people import new_person, say
from tests.browser.stack import Stack
from tests.processes import wait_until
from tests.queue.conftest import ended

OBSERVE = """() => {
  const open = new Set(["queued", "running", "retrying", "parked"]);
  const ended = window.ended = {};
  const look = (element) => {
    const { actionId, status } = element.dataset;
    if (!open.has(status)) ended[actionId] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") look(target);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches("[data-action-id]")) look(node);
        node.querySelectorAll("[data-action-id]").forEach(look);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-status"] });
}"""
FIVE_NOTES = 5
RATE = 50
CROWD = 10
SETTLE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured in one situation. Times are in milliseconds, sorted."""

    situation: str
    rate: float
    times_ms: Sequence[float]

    def percentile(self, share: float) -> float:
        return self.times_ms[min(len(self.times_ms) - 1, int(share * len(self.times_ms)))]


def measure(browser: Browser, stack: Stack, *, rest: int, seconds: float) -> list[Measured]:
    """Measure with `rest` actions one after the other, and for `seconds` at `RATE` actions a second."""
    crowd = [new_person() for _ in range(CROWD)]
    return [
        _measured(browser, stack, "at rest", lambda page, user: _one_by_one(page, user, rest)),
        _measured(
            browser,
            stack,
            f"{RATE}/s, of {CROWD} people",
            lambda _, user: _steadily([user, *crowd[1:]], seconds),
        ),
        _measured(
            browser, stack, f"{RATE}/s, all of the page's user", lambda _, user: _steadily([user], seconds)
        ),
    ]


def show(measured: Sequence[Measured], console: Console) -> None:
    table = Table(
        "", "actions", "per second", "p50", "p99", "longest", title="From an action's commit to the page"
    )
    for one in measured:
        times = (f"{one.percentile(share):.1f} ms" for share in (0.5, 0.99, 1.0))
        table.add_row(one.situation, str(len(one.times_ms)), f"{one.rate:.1f}", *times)
    console.print(table)


def _measured(
    browser: Browser, stack: Stack, situation: str, load: Callable[[Page, User], Sequence[User]]
) -> Measured:
    user = new_person()
    with browser.new_context(base_url=stack.url) as window:
        window.add_cookies(stack.cookies_of(user))
        page = window.new_page()
        Chat(page)
        page.evaluate(OBSERVE)
        people = load(page, user)
        for one in people:
            wait_until(partial(ended, one), "all lanes to end", timeout_s=60)
        rows = list(Action.objects.filter(user=user))
        shown = _shown(page, len(rows))
    times = [shown[row.id] - row.finished_at.timestamp() * 1000 for row in rows if row.finished_at]
    return Measured(situation=situation, rate=_rate(people), times_ms=sorted(times))


def _shown(page: Page, count: int) -> dict[UUID, float]:
    """When the page showed the end of each action, in milliseconds since 1970."""
    _wait_for(page, count)
    found: dict[str, float] = page.evaluate("ended")
    return {UUID(action_id): at for action_id, at in found.items()}


def _one_by_one(page: Page, user: User, count: int) -> Sequence[User]:
    for number in range(count):
        say(user, "Noted.", add_user_note={"note": f"note {number}"})
        _wait_for(page, number + 1)
    return [user]


def _wait_for(page: Page, count: int) -> None:
    page.wait_for_function("(count) => Object.keys(ended).length >= count", arg=count, timeout=SETTLE_MS)


def _steadily(people: Sequence[User], seconds: float) -> Sequence[User]:
    """Responses of five actions each, in turn to each of the people, as many as make up the rate."""
    start = time.monotonic()
    for number in range(int(seconds * RATE / FIVE_NOTES)):
        user = people[number % len(people)]
        say(user, f"Turn {number}.", **_five(number))
        time.sleep(max(0.0, start + (number + 1) * FIVE_NOTES / RATE - time.monotonic()))
    return people


def _five(number: int) -> dict[str, object]:
    """Five actions, of which four change something again and again, and one has nothing to do."""
    focus, other = ("spiritual", "maker_of_money")[:: 1 if number % 2 else -1]
    skip = "unskip_identity_category" if number % 2 else "skip_identity_category"
    return {
        "create_identity": {"name": f"Identity {number}", "category": other, "note": ""},
        "select_identity_focus": {"category": focus},
        skip: {"category": "doer_of_things"},
        "add_user_note": {"note": f"note {number}"},
        "transition_phase": {"to_phase": "identity_brainstorming"},
    }


def _rate(people: Sequence[User]) -> float:
    ends = sorted(
        row.finished_at.timestamp() for row in Action.objects.filter(user__in=people) if row.finished_at
    )
    return (len(ends) - 1) / max(ends[-1] - ends[0], 0.001)
