"""Every page in every state worth a look: for axe, for the phone, and for the screenshots."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from playwright.sync_api import FilePayload, Page, expect
from redis import Redis

from server.apps.actions.models import Action
from server.apps.test_scenarios.models import ReplayRun
from server.apps.users.models import User
from server.enums.action_status import ActionStatus
from server.enums.coach_failure_kind import CoachFailureKind
from server.enums.coaching_phase import CoachingPhase
from server.enums.replay_status import ReplayStatus
from server.services.action_queue.accept import accept_user_message
from server.services.event_stream.drafts import CHANNEL, Piece
from tests.browser.library import FILES, a_run, an_ended_run, differing_results, emptied, kept
from tests.browser.pages import Chat, opened_state, sign_in
from tests.browser.people import ANSWER, FIVE, new_person, say
from tests.browser.rows import actions_of
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane

Prepare = Callable[[Page, Stack, ExitStack], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to look at. `who` is nobody, someone with a life behind them, someone new, busy, or of staff."""

    name: str
    who: str
    prepare: Prepare

    def __str__(self) -> str:
        return self.name

    def visitor(self, someone: User) -> User | None:
        match self.who:
            case "nobody":
                return None
            case "new":
                return new_person(CoachingPhase.INTRODUCTION)
            case "busy":
                return new_person()
            case "staff":
                return _member_of_staff()
            case _:
                return someone


def _member_of_staff() -> User:
    user = new_person()
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


@contextmanager
def sight(page: Page, shot: Shot, stack: Stack) -> Iterator[None]:
    """The page as it is to be looked at, inside the block."""
    with ExitStack() as after:
        shot.prepare(page, stack, after)
        yield


def _goes_to(path: str, heading: str) -> Prepare:
    def prepare(page: Page, stack: Stack, after: ExitStack) -> None:
        page.goto(path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    return prepare


def _wrong_password(page: Page, stack: Stack, after: ExitStack) -> None:
    sign_in(page, f"{uuid4()}@example.org", "not it")
    expect(page.get_by_role("alert")).to_be_visible()


def _conversation(page: Page, stack: Stack, after: ExitStack) -> None:
    chat = Chat(page)
    expect(chat.lines().first).to_be_visible()


def _live(page: Page, stack: Stack, after: ExitStack) -> None:
    """One has ended, one runs, three wait."""
    chat = Chat(page)
    user = User.objects.get(email=_email(page))
    after.enter_context(stack.pace.held())
    say(user, "I will write all of that down.", **FIVE)
    expect(chat.lines()).to_have_count(5)
    stack.pace.step()
    expect(chat.line(actions_of(user)[1])).to_contain_text("Running")
    chat.box.fill("And one thing more:\n")


def _unsent(page: Page, stack: Stack, after: ExitStack) -> None:
    """One message is back in the box, two stand aside, and one arrived without being answered."""
    Chat(page)
    user = User.objects.get(email=_email(page))
    accept_user_message(user, "Shall we go on with the gardener?", "arrived")
    aside = {"arrived": "unreachable", "lost": "unreachable", "aside": "set_aside"}
    kept = {
        "draft": "I planted roses again, and now I cannot stop telling everybody about them.",
        "inBox": _not_sent("in box", "I planted roses again.", "too_many"),
        "aside": [_not_sent(key, TEXTS.get(key, key), kind) for key, kind in aside.items()],
    }
    _keep(page, user, kept)
    chat = Chat(page)
    expect(chat.unsent(TEXTS["lost"])).to_be_visible()
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()


TEXTS = {
    "lost": "It was raining all night.\nI went out all the same, with a lantern.",
    "aside": "And then there is the cook",
}


def _writing(page: Page, stack: Stack, after: ExitStack) -> None:
    """The coach has written half of its message."""
    chat = Chat(page)
    user = User.objects.get(email=_email(page))
    accepted = accept_user_message(user, "The garden, I think. And the people who come by at night.")
    assert accepted is not None
    half = ANSWER[: len(ANSWER) // 2]
    piece = Piece(user_id=user.id, user_message_id=accepted.id, start=0, text=half)
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.publish(CHANNEL, piece.model_dump_json())
    expect(chat.said("coach")).to_contain_text("You are at home outside")


def _unanswered(page: Page, stack: Stack, after: ExitStack) -> None:
    """The coach could not answer."""
    Chat(page)
    user = User.objects.get(email=_email(page))
    accept_user_message(user, TEXTS["lost"], "lost")
    kept = {"aside": [_not_sent("lost", TEXTS["lost"], CoachFailureKind.RATE_LIMIT)]}
    _keep(page, user, kept)
    Chat(page)
    expect(page.get_by_role("button", name="Leave it")).to_be_visible()


def _keep(page: Page, user: User, kept: Mapping[str, object]) -> None:
    """What the page finds of the user's writing when it is opened."""
    page.evaluate(
        "([at, kept]) => sessionStorage.setItem(at, kept)", [f"coach:outbox:{user.id}", json.dumps(kept)]
    )


def _not_sent(key: str, content: str, kind: str) -> dict[str, object]:
    return {"key": key, "content": content, "since": 0, "failure": {"kind": kind, "until": None}}


def _retrying(page: Page, stack: Stack, after: ExitStack) -> None:
    chat = Chat(page)
    user = User.objects.get(email=_email(page))
    with stack.pace.failing():
        with transaction.atomic():
            (action,) = say(user, "Let me note that.", add_user_note={"note": "Has two cats."}).actions
            Action.objects.filter(id=action.id).update(
                attempt=action.max_attempts - 2
            )  # the next wait is long
        expect(chat.line(action)).to_contain_text("Trying again")
    # It is not tried while the page is looked at.
    waiting = Action.objects.filter(id=action.id, status=ActionStatus.RETRYING)
    assert waiting.update(due_at=F("due_at") + timedelta(hours=1)) == 1


def _state(page: Page, stack: Stack, after: ExitStack) -> None:
    """The state with everything unfolded, in its drawer where there is one."""
    Chat(page)
    state = opened_state(page)
    state.get_by_role("button", name="Name all phases").click()
    state.get_by_role("button", name="Show archived identities").click()
    expect(state.get_by_role("article", name="Collector of maps")).to_be_visible()


def _menu(page: Page, stack: Stack, after: ExitStack) -> None:
    Chat(page)
    page.get_by_role("button", name="Your menu").click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()


def _reconnecting(page: Page, stack: Stack, after: ExitStack) -> None:
    chat = Chat(page)
    page.context.set_offline(True)
    expect(chat.reconnecting).to_be_visible()


def _reset(page: Page, stack: Stack, after: ExitStack) -> None:
    _menu(page, stack, after)
    page.get_by_role("menuitem", name="Reset the chat…").click()
    expect(page.get_by_role("dialog", name="Reset the chat?")).to_be_visible()


def _history(page: Page, stack: Stack, after: ExitStack) -> None:
    page.goto("/history")
    expect(page.locator("[data-action-id]").first).to_be_visible()


def _details(page: Page, stack: Stack, after: ExitStack) -> None:
    _history(page, stack, after)
    page.get_by_role("button", name="Details of").first.click()
    expect(page.get_by_role("link", name="Show its message in the chat")).to_be_visible()


def _nothing_found(page: Page, stack: Stack, after: ExitStack) -> None:
    _history(page, stack, after)
    page.get_by_label("Text").fill("nothing has this in it")
    expect(page.locator("[data-action-id]")).to_have_count(0)


def _scenarios(page: Page, stack: Stack, after: ExitStack) -> None:
    """All of the project's, three of them chosen."""
    emptied()
    kept()
    _opens(page, "/scenarios", "Scenarios")
    choices = page.get_by_label("Choose ")
    for number in (1, 2, 4):
        choices.nth(number).check()


def _no_scenarios(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    _opens(page, "/scenarios", "Scenarios")
    expect(page.get_by_text("There are no scenarios yet.")).to_be_visible()


def _uploads(page: Page, stack: Stack, after: ExitStack) -> None:
    """One is added, one is taken, two are refused; and a replay of nothing is asked for."""
    emptied()
    kept("16-memory")
    _opens(page, "/scenarios", "Scenarios")
    bad = '{\n "format": 1,\n "name": "Bad",\n "turn": [],\n "expect": 3\n}'
    texts = {
        "17-unicode.json": (FILES / "17-unicode.json").read_text(),
        "16-memory.json": (FILES / "16-memory.json").read_text(),
        "a-scenario-that-is-not-right-yet.json": bad,
        "notes.txt": "",
    }
    payloads = [
        FilePayload(name=name, mimeType="application/json", buffer=text.encode())
        for name, text in texts.items()
    ]
    page.locator("input[type=file]").set_input_files(payloads)
    expect(page.locator("[data-outcome=refused]")).to_have_count(2)
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_text("Choose at least one scenario.")).to_be_visible()


def _freeze(page: Page, stack: Stack, after: ExitStack) -> None:
    """The dialog, after a try that failed."""
    emptied()
    _opens(page, "/scenarios", "Scenarios")
    page.get_by_role("button", name="Freeze a conversation…").click()
    dialog = page.get_by_role("dialog", name="Freeze a conversation")
    dialog.get_by_label("Email of the user").fill("nobody@example.org")
    dialog.get_by_label("Keep real names").check()
    dialog.get_by_role("button", name="Freeze").click()
    expect(dialog.get_by_text("No user has the email")).to_be_visible()


def _frozen(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    user = new_person()
    accept_user_message(user, "I planted roses again.")
    say(user, "All of that.", **FIVE)
    wait_for_lane(user)
    _opens(page, "/scenarios", "Scenarios")
    page.get_by_role("button", name="Freeze a conversation…").click()
    dialog = page.get_by_role("dialog", name="Freeze a conversation")
    dialog.get_by_label("Email of the user").fill(user.email)
    dialog.get_by_role("button", name="Freeze").click()
    expect(dialog.get_by_role("link", name="Open the scenario")).to_be_visible(timeout=60_000)


def _shows_scenario(stem: str) -> Prepare:
    def prepare(page: Page, stack: Stack, after: ExitStack) -> None:
        emptied()
        (scenario,) = kept(stem)
        _opens(page, f"/scenarios/{scenario.id}", scenario.name)

    return prepare


def _delete_scenario(page: Page, stack: Stack, after: ExitStack) -> None:
    _shows_scenario("16-memory")(page, stack, after)
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("dialog", name="Delete the scenario?")).to_be_visible()


def _replays(page: Page, stack: Stack, after: ExitStack) -> None:
    """One in each state."""
    emptied()
    kept()
    for state in ReplayStatus:
        match state:
            case ReplayStatus.STARTING:
                a_run(state=state, done=0)
            case ReplayStatus.RUNNING:
                a_run(stop_wanted=True, differing=1)
            case ReplayStatus.DIFFERS:
                an_ended_run(state, differing=3)
            case ReplayStatus.FAILED:
                an_ended_run(
                    state, reason="Its process was gone before it had ended.", report="", seconds=None
                )
            case ReplayStatus.STOPPED:
                an_ended_run(state, names=["Notes: kept, changed, forgotten"], started_by="", seconds=None)
            case ReplayStatus.AS_EXPECTED:
                an_ended_run(state, names=["A " + "very " * 40 + "long name"], total=1, done=1, copies=1)
    _opens(page, "/replays", "Replays")
    expect(page.locator("[data-replay]")).to_have_count(len(ReplayStatus))


def _no_replays(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    _opens(page, "/replays", "Replays")
    expect(page.get_by_text("Nothing has been replayed yet.")).to_be_visible()


def _replay_runs(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    kept()
    run = a_run(differing=2, done=40)
    _opens(page, f"/replays/{run.id}", "Replay of 22 scenarios")
    for done in (60, 80, 100, 120):
        ReplayRun.objects.filter(id=run.id).update(done=done)
        expect(page.get_by_text(f"{done} of 220 copies")).to_be_visible()
    expect(page.get_by_text(re.compile("^about .* left$"))).to_be_visible()


def _replay_differs(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    names = [scenario.name for scenario in kept("01-introduction", "16-memory", "21-a-long-conversation")]
    results = differing_results(*names)
    run = an_ended_run(ReplayStatus.DIFFERS, names=names, differing=1, results=results)
    _opens(page, f"/replays/{run.id}", "Replay of 3 scenarios")
    expect(page.get_by_role("list", name="As expected")).to_be_visible()


def _replay_failed(page: Page, stack: Stack, after: ExitStack) -> None:
    emptied()
    reason = "Its process was gone before it had ended."
    run = an_ended_run(ReplayStatus.FAILED, reason=reason, report="", seconds=None, done=12)
    _opens(page, f"/replays/{run.id}", "Replay of 2 scenarios")
    expect(page.get_by_text(reason)).to_be_visible()


def _opens(page: Page, path: str, heading: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


def _email(page: Page) -> str:
    email: str = page.evaluate("async () => (await (await fetch('/api/v1/auth/session')).json()).user.email")
    return email


SHOTS = (
    Shot("welcome", "nobody", _goes_to("/", "Find out who you are")),
    Shot("sign-in", "nobody", _goes_to("/sign-in", "Sign in")),
    Shot("sign-up", "nobody", _goes_to("/sign-up", "Sign up")),
    Shot("wrong-password", "nobody", _wrong_password),
    Shot("not-found", "nobody", _goes_to("/nowhere", "There is nothing here.")),
    Shot("first-visit", "new", _goes_to("/", "Welcome. This is where")),
    Shot("chat", "someone", _conversation),
    Shot("live", "busy", _live),
    Shot("retrying", "busy", _retrying),
    Shot("writing", "busy", _writing),
    Shot("unsent", "busy", _unsent),
    Shot("unanswered", "busy", _unanswered),
    Shot("state", "someone", _state),
    Shot("menu", "someone", _menu),
    Shot("staff-menu", "staff", _menu),
    Shot("reconnecting", "someone", _reconnecting),
    Shot("reset", "someone", _reset),
    Shot("history", "someone", _history),
    Shot("details", "someone", _details),
    Shot("nothing-found", "someone", _nothing_found),
    Shot("scenarios", "staff", _scenarios),
    Shot("no-scenarios", "staff", _no_scenarios),
    Shot("uploads", "staff", _uploads),
    Shot("freeze", "staff", _freeze),
    Shot("frozen", "staff", _frozen),
    Shot("scenario", "staff", _shows_scenario("08-nesting")),
    Shot("long-scenario", "staff", _shows_scenario("21-a-long-conversation")),
    Shot("extreme-scenario", "staff", _shows_scenario("18-limits")),
    Shot("delete-scenario", "staff", _delete_scenario),
    Shot("replays", "staff", _replays),
    Shot("no-replays", "staff", _no_replays),
    Shot("replay-runs", "staff", _replay_runs),
    Shot("replay-differs", "staff", _replay_differs),
    Shot("replay-failed", "staff", _replay_failed),
)
