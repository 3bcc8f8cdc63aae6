"""What a person sees of a coach that asks a language model, which a stand-in plays."""

from collections.abc import Iterator
from statistics import median, quantiles

import pytest
from playwright.sync_api import expect

from server.apps.coach_states.models import CoachState
from server.apps.users.models import User
from server.enums.action_status import OPEN_STATUSES
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step, load_script
from tests.api.web import WebProcess
from tests.browser.chromium import ASYNC_UNSAFE
from tests.browser.conftest import NewPage, NewWindow
from tests.browser.pages import ANSWER, Chat
from tests.browser.people import new_person
from tests.browser.rows import actions_of, said_by, wait_while_open
from tests.browser.stack import Stack
from tests.browser.watch import Watch
from tests.conftest import TellFigure
from tests.model_coach.played import SESSION, Model
from tests.model_coach.test_session import PHASES

SHORT = "You said that the **roses** bloom at night. What did you feel when you saw them there? "
LONG = SHORT * 3
WRITING = "[data-draft]"
THINKS_S = 0.05
TURNS = 30
OBSERVE = """() => {
  window.firstWords = [];
  let sent = null;
  addEventListener("keydown", ({ key }) => { if (key === "Enter") sent = performance.now(); }, true);
  new MutationObserver(() => {
    if (sent === null || !document.querySelector("[data-draft]")?.textContent) return;
    firstWords.push(performance.now() - sent);
    sent = null;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
IS_ANSWERED = "([answer, count]) => document.querySelectorAll(answer).length === count"


@pytest.fixture(scope="module")
def web(stack: Stack, models: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    """Beside the stack's: of the same users, with the model's coach."""
    environment = {**models.server.environment, "COACH_STALL_TIMEOUT_S": "3", ASYNC_UNSAFE: ""}
    with WebProcess(tmp_path_factory.mktemp("model") / "web.log", environment) as web:
        yield web


def test_the_message_is_seen_while_it_is_written_in_every_tab_and_after_a_reload(
    new_window: NewWindow, web: WebProcess, model: Model
) -> None:
    model.does(Step(answer={"message": LONG}, piece=4, delay=0.1))
    user = new_person()
    window = new_window(user, base_url=web.url)
    one, other = Chat(window.new_page()), Chat(window.new_page())
    one.send("The roses bloom.")
    for chat in (one, other):
        writing = chat.page.locator(WRITING)
        expect(writing.locator("strong")).to_have_text("roses")
        expect(chat.answers()).to_have_count(0)
    one.page.reload()
    expect(one.page.locator(WRITING)).to_contain_text("roses bloom at night")
    for chat in (one, other):
        chat.expect_said("coach", "What did you feel")
        expect(chat.answers()).to_have_count(1)
        expect(chat.page.locator(WRITING)).to_have_count(0)
    assert said_by(user) == ["The roses bloom."]


def test_print_the_time_to_the_first_words_on_the_page(
    new_page: NewPage, web: WebProcess, model: Model, tell_figure: TellFigure
) -> None:
    model.does(Step(answer={"message": SHORT}, wait=THINKS_S, piece=8, delay=0.01))
    chat = Chat(new_page(new_person(), base_url=web.url))
    chat.page.evaluate(OBSERVE)
    for number in range(1, TURNS + 1):
        chat.send(f"message {number}")
        # At once, where `expect` would look again after half a second.
        chat.page.wait_for_function(IS_ANSWERED, arg=[ANSWER, number])
    times: list[float] = chat.page.evaluate("firstWords")
    assert len(times) == TURNS
    own = [ms - THINKS_S * 1_000 for ms in times]
    tell_figure(
        f"from Enter to the coach's first words on the page, beside the {THINKS_S * 1_000:.0f} ms of the model:"
        f" p50 {median(own):.0f} ms, p99 {quantiles(own, n=100)[98]:.0f} ms ({TURNS} turns)"
    )


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Step(refuse="No."), "The coach would rather not answer this."),
        (Step(raw="no json"), "The coach's answer came out garbled."),
        (Step(answer={"message": LONG}, stall=60), "The coach is taking longer than usual."),
        (Step(rate_limit=600), "The coach has a lot to do just now."),
        (Step(status=401), "The coach is not ready yet."),
    ],
    ids=["refusal", "garbled", "timeout", "rate limit", "wrong key"],
)
def test_a_failure_is_told_in_words_and_asking_again_stores_nothing_twice(
    new_page: NewPage, web: WebProcess, model: Model, watch: Watch, failure: Step, words: str
) -> None:
    model.does(failure)
    user = new_person()
    chat = Chat(new_page(user, base_url=web.url))
    chat.send("Is anybody there?")
    expect(chat.page.get_by_role("alert")).to_contain_text(f"This arrived. {words}")
    expect(chat.page.locator(WRITING)).to_have_count(0)
    expect(chat.box).to_have_value("")
    watch.forgive()

    model.does(Step(answer={"message": "Now I am."}))
    chat.page.reload()
    chat.page.get_by_role("button", name="Try again").click()
    chat.expect_said("coach", "Now I am.")
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    assert said_by(user) == ["Is anybody there?"]


def test_the_recorded_session_is_played_from_the_introduction_to_the_visualization(
    new_page: NewPage, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    script = load_script(SESSION).model_copy(update={"delay": 0.0})
    with ModelServer(script) as server:
        environment = {**server.environment, "COACH_PROVIDER": "scripted", ASYNC_UNSAFE: ""}
        with WebProcess(tmp_path_factory.mktemp("session") / "web.log", environment) as web:
            user = new_person()
            chat = Chat(new_page(user, base_url=web.url))
            for number, step in enumerate(script.steps, start=1):
                chat.send(f"message {number}")
                expect(chat.answers()).to_have_count(number)
                assert step.answer is not None
                expect(chat.answers().last).to_contain_text(step.answer["message"][:40])
            wait_while_open(chat.page, lambda: not open_actions(user), "all is done")
            assert {action.status for action in actions_of(user)} == {"succeeded"}
            phase = CoachState.objects.get(user=user).current_phase
            expect(chat.state).to_contain_text(f"Phase {len(PHASES)} of {len(PHASES)}")
    assert phase == PHASES[-1]


def open_actions(user: User) -> bool:
    return any(action.status in OPEN_STATUSES for action in actions_of(user))
