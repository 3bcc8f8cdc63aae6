"""Is the Dockerfile sane? Asked without an engine: what it copies is there, what it runs is pinned and is not root."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

DOCKERFILE = "Dockerfile"
IGNORE = ".dockerignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What is built with Node in a stage of its own, and the variable by which the web role finds it."""

    name: str
    stage: str
    variable: str


BUILT = (
    Built(name="chat page", stage="client", variable="COACH_CLIENT_DIR"),
    Built(name="documentation", stage="docs", variable="COACH_DOCS_DIR"),
)


def dockerfile_problems(root: Path) -> Iterator[str]:
    """Everything that is wrong with the `Dockerfile` under `root`."""
    instructions = read_instructions((root / DOCKERFILE).read_text(encoding="utf-8"))
    ignored = _ignore_rules(root)
    for source in copied(instructions):
        if not (root / source).exists():
            yield f"{DOCKERFILE} copies {source!r}, which does not exist; mend the name."
        elif _is_ignored(source, ignored):
            yield f"{DOCKERFILE} copies {source!r}, which {IGNORE} keeps from the engine; add `!{source}` there."
    for problem in (*_rule_problems(instructions), *_built_problems(instructions)):
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
        if word == "RUN" and re.search(r"\bnpm (i|install|add)\b", arguments):
            yield "installs packages that package-lock.json does not pin; write `npm ci`."


def _built_problems(instructions: list[tuple[str, str]]) -> Iterator[str]:
    """The web role finds what was built by variables: what they name must be built, and be in the last stage."""
    last = _last_stage(instructions)
    for built in BUILT:
        directory = _environment(last).get(built.variable)
        if directory is None:
            yield f"does not set {built.variable}; its web role would have no {built.name}."
            continue
        if not _builds(instructions, built.stage):
            yield f"does not build the {built.name}; add a stage {built.stage!r} that runs `npm run build`."
        if not any(_is_within(directory, target) for target in _copied_from_stages(last)):
            yield (
                f"copies nothing to {directory!r} in its last stage,"
                f" where {built.variable} looks for the {built.name}."
            )
        if not any(
            _is_within(directory, target) for target in _copied_from_stages(instructions, built.stage)
        ):
            yield f"copies nothing from the stage {built.stage!r} to {directory!r}; copy what `npm run build` made."


def _builds(instructions: list[tuple[str, str]], stage: str) -> bool:
    """Whether `npm run build` is run in the stage of that name."""
    current = ""
    for word, arguments in instructions:
        if word == "FROM":
            current = arguments.rpartition(" AS ")[2]
        elif word == "RUN" and "npm run build" in arguments and current == stage:
            return True
    return False


def _last_stage(instructions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    begin = max(index for index, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[begin:]


def _environment(instructions: list[tuple[str, str]]) -> Mapping[str, str]:
    pairs = [pair for word, arguments in instructions if word == "ENV" for pair in arguments.split()]
    return dict(pair.split("=", 1) for pair in pairs)


def _copied_from_stages(instructions: list[tuple[str, str]], stage: str = "") -> list[str]:
    """The targets of what is copied from other stages, or from this one."""
    words = [arguments.split() for word, arguments in instructions if word == "COPY"]
    return [copy[-1] for copy in words if copy[0].startswith(f"--from={stage}")]


def _is_within(path: str, directory: str) -> bool:
    return PurePosixPath(path).is_relative_to(directory)


def _ignore_rules(root: Path) -> list[str]:
    path = root / IGNORE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _is_ignored(source: str, rules: list[str]) -> bool:
    ignored = False
    names = [source, *map(str, PurePosixPath(source).parents)]
    for rule in rules:
        if any(fnmatch(name, rule.removeprefix("!")) for name in names):
            ignored = not rule.startswith("!")
    return ignored
