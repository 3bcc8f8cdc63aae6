"""`coach new-action` and `coach remove-action`, in copies of this checkout."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.apps.user_notes.models import UserNote
from server.apps.users.models import User
from server.cli.action_files import edits, wanted
from server.cli.action_files.checkout import ACTION_TYPE, PARAMS, Checkout
from server.cli.action_files.left import needed_by
from server.cli.errors import CommandError
from server.services.action_handler.models.params import AddUserNoteParams
from server.testing.perform import accept
from tests.cli.checkouts import CELEBRATE, CheckoutCopy, Ended
from tests.contracts.sources import ROOT
from tests.processes import wait_until

pytestmark = pytest.mark.timeout(600)  # all checks run, more than once, on a busy machine slowly

HANDLER = "server/services/action_handler/actions/celebrate_identity.py"
TEST = "tests/actions/test_celebrate_identity.py"
PAGE = "docs/docs/core-systems/action-handler/actions/celebrate_identity.md"
COMMITMENT = "server/services/prompt_manager/prompts/identity_commitment.md"

OF_EVERY_KIND = (
    CELEBRATE,
    (
        "wave",
        "--label=Wave",
        "--purpose=Wave to the user, once they say goodbye.",
        "--no-params",
        "--phase=all",
        "--first",
    ),
    (
        "compare_identities",
        "--label=Compare two identities",
        "--purpose=Compare two identities of the user.",
        "--param=identity_id_a:identity:The id of the first identity.",
        "--param=identity_id_b:identity:The id of the second identity.",
        "--param=remark:optional_text:What the user says of it; may be empty.",
        "--phase=brainstorming_review",
    ),
    (
        "remember_the_day_on_which_it_all_began_x",
        "--label=Remember the day it all began xx",
        f"--purpose={'Remember the day on which it all began, for the user wants to come back to it, each ye':97}ar.",
        "--param=user_note_id:user_note",
        "--param=category:identity_category:The category it was in.",
        "--param=phase:coaching_phase:The phase it was in.",
        "--param=days:names:The days.",
        "--phase=introduction",
        "--phase=i_am_statement",
    ),
)


@pytest.fixture
def checkout(tmp_path: Path) -> CheckoutCopy:
    """A copy of this checkout."""
    return CheckoutCopy(tmp_path / "checkout")


@dataclass(frozen=True)
class Celebrated:
    """A copy in which CELEBRATE was made, for tests that only look at it."""

    checkout: CheckoutCopy
    ended: Ended


@pytest.fixture(scope="module")
def celebrated(tmp_path_factory: pytest.TempPathFactory) -> Celebrated:
    checkout = CheckoutCopy(tmp_path_factory.mktemp("celebrated") / "checkout")
    ended = checkout.coach("new-action", *CELEBRATE)
    assert_ended_well(ended)
    return Celebrated(checkout, ended)


def assert_ended_well(ended: Ended) -> None:
    assert ended.returncode == 0, f"{ended.args}:\n{ended.stdout}\n{ended.stderr}"


# What it writes


def test_what_it_writes_passes_every_check_and_its_own_tests_at_once(checkout: CheckoutCopy) -> None:
    for arguments in OF_EVERY_KIND:
        assert_ended_well(checkout.coach("new-action", *arguments))
    checkout.take_over_mypys_cache()
    for module in (
        "ruff check",
        "ruff format --check",
        "mypy",
        "tools.generate --check",
        "tools.response_schema",
        "server.manage makemigrations --check --dry-run",
    ):
        assert_ended_well(checkout.python("-m", *module.split()))
    assert_ended_well(checkout.run(str(Path(sys.executable).with_name("lint-imports"))))
    assert_ended_well(checkout.run("tools/client.sh", "run", "npm", "run", "--silent", "check"))
    own = [f"tests/actions/test_{name}.py" for name, *_ in OF_EVERY_KIND]
    others = ["tests/actions/test_contract.py", "tests/actions/test_rejects.py", "tests/unit/test_labels.py"]
    about_all = [
        "tests/coach/test_prompts.py",
        "tests/prompts",
        "tests/contracts",
        "tests/chaos/test_model.py",
    ]
    slow = [  # they look at what a new action does not change
        "--deselect=tests/chaos/test_model.py::test_whatever_a_coach_does_comes_to_what_the_model_says",
        "--ignore=tests/contracts/test_refusals.py",
    ]
    tests = [*own, *others, *about_all, *slow]
    assert_ended_well(checkout.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests))


def test_it_says_with_file_and_line_what_is_left_for_a_person(celebrated: Celebrated) -> None:
    left = [line.split()[0] for line in celebrated.ended.stdout.splitlines() if line.startswith("  ")]
    marks = {
        HANDLER: "Left to write",
        TEST: "CASES",
        COMMITMENT: "`celebrate_identity`",
        COMMITMENT.replace("commitment", "visualization"): "`celebrate_identity`",
        PAGE: "## What changes",
        "client/src/live/touches.ts": "PARTS",
        "CHANGELOG.md": "### Added",
    }
    assert [place.rpartition(":")[0] for place in left] == list(marks)
    for place, mark in zip(left, marks.values(), strict=True):
        path, _, line = place.rpartition(":")
        assert mark in (celebrated.checkout.root / path).read_text().splitlines()[int(line) - 1]


def test_the_enums_line_stands_where_it_was_wanted(celebrated: Celebrated) -> None:
    here = Checkout(celebrated.checkout.root)
    names = list(here.action_types.values())
    assert names.index("celebrate_identity") == names.index("add_identity_note") + 1
    assert list(here.labels) == list(here.action_types)
    params = here.classes_of_params
    assert params.index("CelebrateIdentityParams") == params.index("AddIdentityNoteParams") + 1
    source = (celebrated.checkout.root / "client/src/enums/actionType.ts").read_text()
    assert '  celebrate_identity: "Celebrate an identity",\n' in source


def test_an_action_may_be_the_first() -> None:
    checkout = Checkout(ROOT)
    assert wanted.check_after("-", checkout) is None
    action = wanted.NewAction(
        name="wave", label="Wave", purpose="Wave.", params=(), phases=("introduction",), after=None
    )
    enum, params = checkout.read(ACTION_TYPE), checkout.read(PARAMS)
    with_wave = edits.with_action_type(enum, action)
    assert with_wave.index(' WAVE = "wave"\n    CREATE_IDENTITY = ') < with_wave.index("@property")
    assert '= {\n    ActionType.WAVE: "Wave",\n    ActionType.CREATE_IDENTITY: ' in with_wave
    assert edits.without_action_type(with_wave, "wave") == enum
    with_class = edits.with_params(params, action, {})
    assert (
        '\n\n\nclass WaveParams(ActionParams):\n    """Wave."""\n\n\nclass CreateIdentityParams('
        in with_class
    )
    assert edits.without_params(with_class, "wave") == params


def test_it_asks_for_what_was_not_given_and_asks_again_where_an_answer_cannot_be(
    checkout: CheckoutCopy, celebrated: Celebrated
) -> None:
    answers = [
        "celebrate!",
        "Celebrate an identity",
        "too short",
        "Celebrate an identity with the user, once they are proud of it.",
        "identity_id:identity",
        "reason:prose:Why.",
        "reason:text:Why it is celebrated, in the user's words.",
        "",
        "identity_comitment",
        "identity_visualization identity_commitment",
        "add_note",
        "add_identity_note",
    ]
    asked = checkout.coach("new-action", "celebrate_identity", given="\n".join([*answers, ""]))
    assert_ended_well(asked)
    for refusal in (
        "must be a phrase",
        "must be a sentence",
        "the type one of",
        "is no phase",
        "is no action",
    ):
        assert refusal in asked.stderr
    assert checkout.files() == celebrated.checkout.files()


# What it refuses


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("CelebrateIdentity", "write small letters and digits"),
        ("celebrate-identity", "write small letters and digits"),
        ("celebrate__identity", "write small letters and digits"),
        ("_celebrate", "write small letters and digits"),
        ("celebrate_", "write small letters and digits"),
        ("2celebrate", "write small letters and digits"),
        ("feiern_für", "write small letters and digits"),
        ("../celebrate", "write small letters and digits"),
        ("", "write small letters and digits"),
        ("c" * 41, "it has 41 characters; the limit is 40."),
        ("import", "a keyword of Python"),
        ("match", "a keyword of Python"),
        ("print", "a name of Python's own"),
        ("message", "stands for something else in a response"),
        ("copy", "stands for something else in a response"),
        ("model_identity", "stands for something else in a response"),
        ("handles", "it stands for what marks a handler"),
        ("index", "it stands for the page of a whole directory"),
        ("admin", "it stands for what staff see of an action"),
        ("archive_identity", "there is an action of this name"),
        ("contract", "tests/actions/test_contract.py is there already, and nothing is overwritten."),
    ],
)
def test_a_bad_name_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(CommandError) as refusal:
        wanted.check_name(name, Checkout(ROOT))
    assert str(refusal.value).startswith(f"{name!r} cannot be the name of a new action: ")
    assert reason in str(refusal.value)


def test_an_alias_that_is_in_use_is_refused(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    path = tmp_path / "server/enums/action_type.py"
    path.parent.mkdir(parents=True)
    text = (ROOT / "server/enums/action_type.py").read_text()
    emptied = "ALIASES: Mapping[str, ActionType] = {}"
    assert emptied in text
    path.write_text(text.replace(emptied, emptied[:-1] + '"praise": ActionType.ADD_IDENTITY_NOTE}'))
    with pytest.raises(CommandError, match="rows carry it as the old name of 'add_identity_note'"):
        wanted.check_name("praise", checkout)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ("--label=celebrate", "must be a phrase in sentence case"),
        ("--label=Archive an identity", "Another action has the label"),
        ("--label=Celebrate an identity for a very long time", "the limit is 32"),
        ("--purpose=celebrate.", "must be a sentence"),
        ("--purpose=Celebrate", "must be a sentence"),
        (f"--purpose=C{'e' * 100}.", "the limit is 100"),
        ('--purpose=Say """hello""".', "which stands for something else in a file"),
        ("--purpose=See [this](nowhere.md).", "which stands for something else in a file"),
        ("--purpose=See https://x.test now.", "which stands for something else in a file"),
        ("--purpose=One\u2028two.", "which stands for something else in a file"),
        ("--purpose=Say what they\u2019re proud of.", 'write "\'"'),
        ("--no-params", "--no-params and --param do not go together"),
        ("--param=why:text", "The description of why must be a sentence"),
        ("--param=why:list:Why.", "the type one of identity, user_note, name"),
        ("--param=class:text:Why.", "cannot be its name"),
        ("--param=version:text:Why.", "'version' stands for something else in a params class"),
        ("--param=identity_id:text:Why.", "an id of the type identity has identity_id in its name"),
        ("--param=row_id:identity", "an id of the type identity has identity_id in its name"),
        ("--param=reason:text:Why else.", "Two parameters have the name 'reason'"),
        ("--phase=celebration", "'celebration' is no phase: it is one of introduction"),
        ("--first", "--first and --after do not go together"),
        ("--after=celebrate", "'celebrate' is no action that a new one could follow"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    changed: str, reason: str, shared: CheckoutCopy
) -> None:
    before = shared.files()
    ended = shared.coach("new-action", *CELEBRATE, changed)
    assert ended.returncode == 2
    assert reason in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert shared.files() == before


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> CheckoutCopy:
    """A copy for tests that change nothing."""
    return CheckoutCopy(tmp_path_factory.mktemp("shared") / "checkout")


def test_where_nobody_answers_it_names_the_option(shared: CheckoutCopy) -> None:
    before = shared.files()
    ended = shared.coach("new-action", *CELEBRATE[:2])
    assert ended.returncode == 2
    assert "no answer for --purpose; add it as an option" in ended.stderr
    assert shared.files() == before


def test_without_a_checkout_of_the_source_it_says_where_to_go(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "server", tmp_path / "server", ignore=shutil.ignore_patterns("__pycache__"))
    ended = subprocess.run(
        [sys.executable, "-m", "server.cli", "new-action", *CELEBRATE],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "is no checkout of the source (it has no tests/actions)" in ended.stderr


@pytest.mark.parametrize("words", [("new-action", *CELEBRATE), ("remove-action", "add_user_note")])
def test_a_line_that_python_cannot_read_is_named(words: tuple[str, ...], shared: CheckoutCopy) -> None:
    path = shared.root / "server/enums/action_type.py"
    text = path.read_text()
    path.write_text(text.replace("LABELS: ", "LABELS: : "))
    try:
        ended = shared.coach(*words)
    finally:
        path.write_text(text)
    line = text[: text.index("LABELS: ")].count("\n") + 1
    assert ended.stderr == (
        f"coach: server/enums/action_type.py:{line}: Python cannot read this line (invalid syntax); mend it.\n"
    )
    assert ended.returncode == 1


# Interrupted

PATCHED = """
import errno, os, signal, sys
from pathlib import Path
from server.cli.action_files import trial
trial.Trial.settle = lambda self: None
place, calls = Path.replace, 0
def replace(self, target):
    global calls
    calls += 1
    if calls == {at}:
        {deed}
    return place(self, target)
Path.replace = replace
from server.cli import main
main(["new-action", *sys.argv[1:]])
"""
DEEDS = {
    "Ctrl-C": "os.kill(os.getpid(), signal.SIGINT)",
    "a full disk": "raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))",
    "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("at", [1, 2, 4, 8])
@pytest.mark.parametrize("deed", ["Ctrl-C", "a full disk"])
def test_an_interrupted_run_leaves_nothing_behind(deed: str, at: int, shared: CheckoutCopy) -> None:
    before = shared.files()
    ended = shared.python("-c", PATCHED.format(at=at, deed=DEEDS[deed]), *CELEBRATE)
    assert ended.returncode == {"Ctrl-C": 130, "a full disk": 2}[deed], ended.stderr
    assert shared.files() == before


@pytest.mark.parametrize("at", [1, 2, 4, 8])
def test_a_killed_run_is_undone_by_the_next_whatever_that_one_does(at: int, shared: CheckoutCopy) -> None:
    before = shared.files()
    killed = shared.python("-c", PATCHED.format(at=at, deed=DEEDS["SIGKILL"]), *CELEBRATE)
    assert killed.returncode == -signal.SIGKILL
    assert shared.files() != before
    refused = shared.coach("new-action", "archive_identity")
    assert "there is an action of this name" in refused.stderr
    assert ("A run that was cut off" in refused.stderr) is (at > 1)
    assert shared.files() == before


def test_what_was_edited_after_a_run_was_killed_is_kept(shared: CheckoutCopy) -> None:
    before = shared.files()
    killed = shared.python("-c", PATCHED.format(at=8, deed=DEEDS["SIGKILL"]), *CELEBRATE)
    assert killed.returncode == -signal.SIGKILL
    mine = next(path for path in before if shared.files().get(path) not in {None, before[path]})
    placed = (shared.root / mine).read_bytes()
    (shared.root / mine).write_text("Mine.")
    refused = shared.coach("new-action", "archive_identity")
    assert f"{mine} was edited since" in refused.stderr
    assert f"copy .new-action/kept/{mine} over it" in refused.stderr
    assert (shared.root / mine).read_text() == "Mine."
    (shared.root / mine).write_bytes(placed)
    shared.coach("new-action", "archive_identity")
    assert shared.files() == before


def test_a_run_that_is_killed_while_it_prepares_changes_nothing(checkout: CheckoutCopy) -> None:
    before = checkout.files()
    workshop = checkout.root / ".new-action"
    run = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "new-action", *CELEBRATE],
        cwd=checkout.root,
        env=checkout.environment,
        stdout=subprocess.DEVNULL,
    )
    written = workshop / "tree" / HANDLER
    try:
        wait_until(written.exists, "the handler stands in the copy", timeout_s=60)
    finally:
        run.kill()
        run.wait()
    assert {path: digest for path, digest in checkout.files().items() if ".new-action" not in path} == before
    assert_ended_well(checkout.coach("new-action", *CELEBRATE))
    assert not workshop.exists()


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(shared: CheckoutCopy) -> None:
    mine = shared.root / TEST
    written = f"lambda self: Path({str(mine)!r}).write_text('Mine.')"
    program = PATCHED.format(at=0, deed="pass").replace("lambda self: None", written)
    try:
        ended = shared.python("-c", program, *CELEBRATE)
        assert ended.returncode == 2
        assert f"{TEST} was changed meanwhile, so nothing was written: run it again." in ended.stderr
        assert mine.read_text() == "Mine."
        assert not (shared.root / HANDLER).exists()
    finally:
        mine.unlink(missing_ok=True)


# Taking one out


def test_removing_it_leaves_the_checkout_as_it_was(checkout: CheckoutCopy) -> None:
    before = checkout.files()
    two = OF_EVERY_KIND[1:3]
    for arguments in two:
        assert_ended_well(checkout.coach("new-action", *arguments))
    for name, *_ in two:
        ended = checkout.coach("remove-action", name)
        assert_ended_well(ended)
        assert "still speak" not in ended.stdout
    assert checkout.files() == before


def test_lines_that_still_speak_of_it_are_listed(checkout: CheckoutCopy) -> None:
    assert_ended_well(checkout.coach("new-action", *CELEBRATE))
    prompt = checkout.root / COMMITMENT
    prompt.write_text(prompt.read_text() + "\nThen `celebrate_identity` and `nest_identity`.\n")
    line = len(prompt.read_text().splitlines()) - 2  # two lines of it are taken out
    ended = checkout.coach("remove-action", "celebrate_identity")
    assert_ended_well(ended)
    assert f"  {COMMITMENT}:{line}  Then `celebrate_identity` and" in ended.stdout


def test_it_is_refused_where_rows_exist_and_says_what_a_rename_needs(
    shared: CheckoutCopy, user: User
) -> None:
    accept(user, {"add_user_note": AddUserNoteParams(note="Tea")})
    assert not UserNote.objects.filter(user=user).exists()
    before = shared.files()
    ended = shared.coach("remove-action", "add_user_note")
    assert ended.returncode == 1
    assert "of the type 'add_user_note', and rows keep their type" in ended.stderr
    assert '"add_user_note": ActionType.NEW_NAME to ALIASES in server/enums/action_type.py' in ended.stderr
    assert shared.files() == before


def test_it_is_refused_where_no_database_can_be_asked(shared: CheckoutCopy) -> None:
    before = shared.files()
    nowhere = "postgresql://coach@127.0.0.1:1/coach"
    ended = shared.coach("remove-action", "wave")
    assert "'wave' is no action" in ended.stderr
    ended = shared.coach("remove-action", "add_user_note", DATABASE_URL=nowhere)
    assert ended.returncode == 1
    assert "It cannot be seen whether rows are of the type 'add_user_note'. The database" in ended.stderr
    assert shared.files() == before


def test_a_file_of_the_examples_is_not_overwritten(checkout: CheckoutCopy) -> None:
    path = checkout.root / "examples/responses/celebrate_identity.json"
    path.write_text("{}")
    ended = checkout.coach("new-action", *CELEBRATE)
    assert ended.returncode == 2
    assert "examples/responses/celebrate_identity.json is there already" in ended.stderr
    assert path.read_text() == "{}"


def test_the_lines_that_need_an_action_are_told_before_it_is_removed() -> None:
    places = {place.path for place in needed_by("nest_identity", Checkout(ROOT))}
    assert any(path.startswith("server/services/coach/offline/") for path in places)
    assert not {
        path for path in places if path.endswith(("action_type.py", "params.py", "/nest_identity.py"))
    }
