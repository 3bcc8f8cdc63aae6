"""`coach chat`: a conversation in the terminal, through the real stack."""

from signal import SIGCONT, SIGSTOP

import pytest

from server.apps.actions.models import Action
from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.testing.model_server.running import ModelServer
from server.testing.model_server.script import Step, load_script
from tests.api.work import contents
from tests.cli.conftest import Coach, fault
from tests.cli.terminal import END_OF_INPUT, INTERRUPT, Terminal
from tests.model_coach.played import SESSION, Model
from tests.processes import RoleProcess, wait_until

TEA = Step(answer={"message": "Tea it is.", "add_user_note": {"params": {"note": "Likes tea."}}})
LONG = "You said that the roses bloom at night. " * 6


def asking(server: ModelServer) -> dict[str, str]:
    return {**server.environment, "COACH_STALL_TIMEOUT_S": "20"}


def chatting(user: User, server: ModelServer) -> Terminal:
    return Terminal("chat", "--email", user.email, environment=asking(server))


# Through a pipe


@pytest.mark.usefixtures("worker")
def test_a_pipe_is_one_message_a_line(coach: Coach, user: User) -> None:
    with ModelServer([TEA, Step(answer={"message": "Good night."})]) as server:
        done = coach(
            "chat", "--email", user.email, given="I like tea.\nGood night\n/state\n", **asking(server)
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    header, answering, *lines = done.stdout.splitlines()
    assert header == f"(You are {user.email}. /help lists what can be done here.)"
    assert answering.startswith("(Answering: gpt-6.1-terra at 127.0.0.1:")
    assert lines == [
        "you: I like tea.",
        "coach: Tea it is.",
        '  succeeded  Noted "Likes tea".',
        "you: Good night",
        "coach: Good night.",
        "you: /state",
        "phase       Introduction",
        "note        Likes tea.",
    ]
    assert contents(user) == ["I like tea.", "Tea it is.", "Good night", "Good night."]


@pytest.mark.usefixtures("worker")
@pytest.mark.timeout(180)
def test_the_recorded_session_is_played_from_the_introduction_to_the_visualization(
    coach: Coach, user: User
) -> None:
    script = load_script(SESSION).model_copy(update={"delay": 0.0})
    lines = "".join(f"message {number}\n" for number in range(len(script.steps)))
    with ModelServer(script) as server:
        done = coach("chat", "--email", user.email, given=lines, **asking(server))
    assert (done.returncode, done.stderr) == (0, "")
    said = [line.removeprefix("coach: ") for line in done.stdout.splitlines() if line.startswith("coach: ")]
    assert said == [step.response["message"] for step in script.steps]
    actions = Action.objects.filter(user=user)
    assert {str(action.status) for action in actions} == {"succeeded"}
    assert done.stdout.count("  succeeded  ") == actions.count()
    assert CoachState.objects.get(user=user).current_phase == "identity_visualization"
    assert Identity.objects.get(user=user, name="Night Gardener").visualization.startswith("The moon")


@pytest.mark.usefixtures("worker")
def test_what_failed_is_asked_again_and_stored_once(coach: Coach, user: User) -> None:
    with ModelServer([Step(truncated=1), Step(refuse="No."), TEA]) as server:
        done = coach("chat", "--email", user.email, given="I like tea.\n/again\n\n", **asking(server))
    assert (done.returncode, done.stderr) == (0, "")
    assert "The coach's answer grew too long and was cut off. Please try again." in done.stdout
    assert "The coach would rather not answer this." in done.stdout
    assert done.stdout.count("(Try again: an empty line, or /again. It is not stored twice.)") == 2
    assert contents(user) == ["I like tea.", "Tea it is."]


@pytest.mark.usefixtures("worker")
def test_a_message_without_an_answer_is_found_the_next_time(coach: Coach, user: User) -> None:
    with ModelServer([Step(refuse="No."), TEA]) as server:
        first = coach("chat", "--email", user.email, "--message", "I like tea.", **asking(server))
        assert first.returncode == 1
        assert fault(first) == "The last message has no answer yet."
        second = coach("chat", "--email", user.email, "--message", "/again", **asking(server))
    assert (second.returncode, second.stderr) == (0, "")
    assert "(This has no answer yet: an empty line, or /again, asks once more.)" in second.stdout
    assert contents(user) == ["I like tea.", "Tea it is."]


@pytest.mark.usefixtures("worker")
def test_starting_over_wants_a_yes(coach: Coach, user: User) -> None:
    with ModelServer([TEA]) as server:
        done = coach("chat", "--email", user.email, given="Tea\n/reset\nno\n", **asking(server))
        assert "(Nothing was changed.)" in done.stdout
        assert len(contents(user)) == 2
        done = coach("chat", "--email", user.email, given="/reset\nyes\n/again\n", **asking(server))
    assert "coach: Tea it is." in done.stdout, "the last messages are shown first"
    assert "(You start over.)" in done.stdout
    assert "(Every message has its answer.)" in done.stdout
    assert not contents(user)
    assert not UserNote.objects.filter(user=user).exists()


def test_it_says_who_answers_and_that_nobody_applies_the_actions(
    coach: Coach, user: User, worker: RoleProcess
) -> None:
    worker.signal(SIGSTOP)
    wait_until(lambda: worker.is_stopped, "the worker stands still")
    try:
        done = coach("chat", "--email", user.email, "--message", "Remember: I like tea.", COACH_PROVIDER="")
    finally:
        worker.signal(SIGCONT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "(Answering: the offline coach: a few sentences, and no language model.)" in done.stdout
    assert "(Set OPENAI_API_KEY for a language model.)" in done.stdout
    assert "  queued     Add a note about you" in done.stdout
    assert "No worker seems to run: messages are answered, and the actions wait." in done.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/dance", "There is no command '/dance': /help lists those that there are."),
        ("a" * 20_001, "This cannot be sent: String should have at most 20000 characters."),
        ("nul \0", "This cannot be sent: "),
    ],
)
def test_what_cannot_be_sent_is_said_and_not_stored(coach: Coach, user: User, line: str, told: str) -> None:
    done = coach("chat", "--email", user.email, given=f"{line}\n")
    assert done.returncode == 0
    assert told in done.stdout
    assert not contents(user)


def test_nothing_that_is_said_is_obeyed_by_the_terminal(coach: Coach, user: User) -> None:
    with ModelServer([Step(answer={"message": "Red \x1b[31m alert\x07"})]) as server:
        done = coach("chat", "--email", user.email, given="hello\n", **asking(server))
    assert "coach: Red \N{REPLACEMENT CHARACTER}[31m alert\N{REPLACEMENT CHARACTER}" in done.stdout
    assert "\x1b" not in done.stdout


def test_an_unknown_email_is_one_line(coach_here: Coach) -> None:
    refused = coach_here("chat", "--email", "nobody@example.org", given="hello\n")
    assert refused.returncode == 2
    assert fault(refused).startswith("No user has the email 'nobody@example.org'")
    assert refused.stdout == ""


def test_its_help_names_every_command(coach: Coach) -> None:
    shown = coach("chat", "--help", COLUMNS="200").stdout
    for word in ("--email", "--message", "/again", "/state", "/reset", "/help", "/quit", "Ctrl-C"):
        assert word in shown


# On a terminal


@pytest.mark.usefixtures("worker")
def test_a_conversation_on_a_terminal_is_shown_while_it_is_written(user: User) -> None:
    slow = Step(answer={"message": LONG}, piece=8, delay=0.05)
    server = ModelServer([slow, Step(truncated=1), TEA])
    with server, chatting(user, server) as terminal:
        terminal.until("you: ")
        terminal.type("The roses bloom.\n")
        terminal.until("coach: You said")
        assert "at night. You said" not in terminal.shown.partition("coach: ")[2]
        terminal.until(LONG.strip())
        terminal.until("you: ", times=2)
        terminal.type("I like tea.\n")
        terminal.until("Try again: an empty line")
        terminal.type("\n")
        terminal.until("coach: Tea it is.")
        terminal.until('succeeded  Noted "Likes tea".')
        terminal.until("you: ", times=4)
        terminal.type(END_OF_INPUT)
        assert terminal.end() == 0
        assert "\x1b[3" not in terminal.raw, "NO_COLOR is set"
    assert contents(user) == ["The roses bloom.", LONG, "I like tea.", "Tea it is."]


def test_ctrl_c_at_the_prompt_leaves(user: User) -> None:
    with Terminal("chat", "--email", user.email) as terminal:
        terminal.until("you: ")
        terminal.type(INTERRUPT)
        assert terminal.end() == 0
        assert "Traceback" not in terminal.shown


def test_ctrl_c_lets_the_answer_come_to_its_end(user: User) -> None:
    model = Model(TEA)
    with model.server as server, model.thinking() as answer, chatting(user, server) as terminal:
        terminal.until("you: ")
        terminal.type("I like tea.\n")
        wait_until(lambda: server.requests, "the model is asked")
        terminal.type(INTERRUPT)
        terminal.until("(The coach finishes its answer first. Ctrl-C once more leaves without it.)")
        answer()
        terminal.until("Tea it is.")
        assert terminal.end() == 0
    assert contents(user) == ["I like tea.", "Tea it is."]


@pytest.mark.usefixtures("worker")
def test_a_second_ctrl_c_leaves_and_the_message_is_asked_about_the_next_time(
    coach: Coach, user: User
) -> None:
    model = Model(TEA)
    with model.server as server, model.thinking() as answer:
        with chatting(user, server) as terminal:
            terminal.until("you: ")
            terminal.type("I like tea.\n")
            wait_until(lambda: server.requests, "the model is asked")
            terminal.type(INTERRUPT)
            terminal.until("Ctrl-C once more")
            terminal.type(INTERRUPT)
            assert terminal.end() == 1
            assert "Your message is kept" in terminal.shown
            assert "Traceback" not in terminal.shown
        answer()
        done = coach("chat", "--email", user.email, given="\n", **asking(server))
    assert done.returncode == 0, done.stderr
    assert contents(user) == ["I like tea.", "Tea it is."]
