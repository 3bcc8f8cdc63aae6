"""What the checks of docker-compose.yml and the Dockerfile see, without an engine."""

import shutil
from pathlib import Path

import pytest

from tools.compose import COMPOSE, compose_problems
from tools.dockerfile import DOCKERFILE, copied, dockerfile_problems, read_instructions
from tools.problems import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what the checks read."""
    for name in (COMPOSE, ".env.example", DOCKERFILE, ".dockerignore"):
        shutil.copy(ROOT / name, tmp_path)
    for name in copied(read_instructions((ROOT / DOCKERFILE).read_text())):
        copy = tmp_path / name
        if (ROOT / name).is_dir():
            copy.mkdir(exist_ok=True)
        else:
            copy.parent.mkdir(exist_ok=True)
            copy.touch()
    return tmp_path


def mutate(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new))


def test_the_committed_deployment_has_no_problem() -> None:
    assert list(compose_problems(ROOT)) == []
    assert list(dockerfile_problems(ROOT)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("restart: unless-stopped", "restart: sometimes", "is no Compose file"),
        ("  relay:\n", "  relays:\n", "the service 'relay' is missing"),
        ("command: [relay]", "command: [relays]", "No such command"),
        ("command: [worker]", "command: [worker, --fast]", "No such option"),
        ('--port, "8000"', "--port, web", "should be a valid integer"),
        (
            "${POSTGRES_PASSWORD:?set it in .env, letters and digits only}",
            "${POSTGRES_PASSWORD:-coach}",
            "has a default",
        ),
        ("${COACH_PORT:-8000}", "${COACH_PORT}", "neither a default nor"),
        ("${COACH_PORT:-8000}", "${WEB_PORT:-8000}", "the variable WEB_PORT"),
        ("COACH_MODEL: ", "COACH_MODELL: ", "is given COACH_MODELL"),
        ("COACH_ENV: production", "COACH_ENV: development", "does not run with COACH_ENV=production"),
        ("COACH_ENV: production", "COACH_ENV: test", "would not start"),
        (
            "redis:\n    image: redis:8",
            "redis:\n    image: redis:8\n    ports: [127.0.0.1:6379:6379]",
            "publishes the port",
        ),
        (
            "${COACH_BIND:-127.0.0.1}:${COACH_PORT:-8000}:8000",
            "${COACH_PORT:-8000}:8000",
            "beyond this machine",
        ),
        ("stop_grace_period: 45s", "stop_grace_period: 30s", "longer than an attempt"),
        ("replicas: 2", "replicas: 1", "one replica"),
        ("--maxmemory-policy, noeviction, ", "", "noeviction"),
        (
            "condition: service_completed_successfully",
            "condition: service_started",
            "does not wait for 'migrate'",
        ),
        ("  redis:\n  flower:\n", "  redis:\n", "volume 'flower'"),
        ("healthcheck:\n      disable: true", "logging: *logging", "has no health check"),
    ],
)
def test_what_is_wrong_with_the_services_is_said(repository: Path, old: str, new: str, said: str) -> None:
    mutate(repository / COMPOSE, old, new)
    found = list(compose_problems(repository))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("COPY workers workers", "COPY worker workers", "copies 'worker', which does not exist"),
        ("COPY workers workers", "COPY workers bench workers", "bench"),
        ("USER coach", "USER root", "runs as root"),
        ("--require-hashes ", "", "without hashes"),
        ("python:${PYTHON_VERSION}-slim", "python", "changes by itself"),
        ('ENTRYPOINT ["coach"]', 'ENTRYPOINT ["sh"]', "entry point"),
        ("RUN npm ci", "RUN npm install", "write `npm ci`"),
        (
            "COPY client ./\nRUN npm run build",
            "COPY client ./\nRUN npm run check",
            "does not build the chat page",
        ),
        ("COPY docs ./\nRUN npm run build", "COPY docs ./", "does not build the documentation"),
        ("COACH_DOCS_DIR=", "DOCS_DIR=", "does not set COACH_DOCS_DIR"),
        ("COPY --from=docs /src/docs/.dist", "COPY docs", "copies nothing from the stage 'docs'"),
        ("COACH_CLIENT_DIR=", "CLIENT_DIR=", "does not set COACH_CLIENT_DIR"),
        (
            "COACH_CLIENT_DIR=/opt/coach/client",
            "COACH_CLIENT_DIR=/srv/client",
            "copies nothing to '/srv/client'",
        ),
        ("COPY --from=client /src/client/.dist", "COPY client", "copies nothing from the stage 'client'"),
    ],
)
def test_what_is_wrong_with_the_image_is_said(repository: Path, old: str, new: str, said: str) -> None:
    mutate(repository / DOCKERFILE, old, new)
    found = list(dockerfile_problems(repository))
    assert any(said in problem for problem in found), found


def test_what_the_engine_is_not_sent_cannot_be_copied(repository: Path) -> None:
    mutate(repository / ".dockerignore", "!workers\n", "")
    mutate(repository / ".dockerignore", "!client\n", "")
    found = [problem for problem in dockerfile_problems(repository) if "keeps from the engine" in problem]
    assert [
        name for name in ("'workers'", "'client'", "'client/package.json'") if name not in " ".join(found)
    ] == []
