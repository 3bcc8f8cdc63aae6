"""Is the Dockerfile sane? Asked without an engine: what it copies is there, what it runs is pinned and is not root."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

DOCKERFILE = "Dockerfile"
IGNORE = ".dockerignore"


def dockerfile_problems(root: Path) -> Iterator[str]:
    """Everything that is wrong with the `Dockerfile` under `root`."""
    instructions = read_instructions((root / DOCKERFILE).read_text(encoding="utf-8"))
    ignored = _ignore_rules(root)
    for source in copied(instructions):
        if not (root / source).exists():
            yield f"{DOCKERFILE} copies {source!r}, which does not exist; mend the name."
        elif _is_ignored(source, ignored):
            yield f"{DOCKERFILE} copies {source!r}, which {IGNORE} keeps from the engine; add `!{source}` there."
    for problem in _rule_problems(instructions):
        yield f"{DOCKERFILE} {problem}"


def read_instructions(text: str) -> list[tuple[str, str]]:
    """The instructions in order: word and arguments, with continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    split = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(word.upper(), arguments.strip()) for word, _, arguments in split]


def copied(instructions: list[tuple[str, str]]) -> list[str]:
    """What is copied from the repository."""
    sources = [arguments.split()[:-1] for word, arguments in instructions if word in {"COPY", "ADD"}]
    return [source for words in sources if not words[0].startswith("--from=") for source in words]


def _rule_problems(instructions: list[tuple[str, str]]) -> Iterator[str]:
    last = dict(instructions)
    if last.get("USER", "root") in {"root", "0"}:
        yield "runs as root; end it with USER and another name."
    if last.get("ENTRYPOINT") != '["coach"]':
        yield 'has another entry point than ["coach"]; docker-compose.yml gives the command alone.'
    if sum(word == "FROM" for word, _ in instructions) < 2:
        yield "has one stage; build in a first one, so that pip's leavings stay out of the image."
    for word, arguments in instructions:
        if word == "FROM" and ("latest" in arguments or ":" not in arguments):
            yield f"starts from {arguments!r}, which changes by itself; name a version."
        if (
            word == "RUN"
            and "pip install" in arguments
            and not {"--require-hashes", "--no-deps"} & {*arguments.split()}
        ):
            yield "installs packages without hashes; add --require-hashes."


def _ignore_rules(root: Path) -> list[str]:
    path = root / IGNORE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _is_ignored(source: str, rules: list[str]) -> bool:
    ignored = False
    for rule in rules:
        if fnmatch(source, rule.removeprefix("!")):
            ignored = not rule.startswith("!")
    return ignored
