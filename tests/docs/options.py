"""The options that the pages give to type, and those that there are."""

import re
from collections.abc import Iterator

from server.cli.commands import COMMANDS, command_named

OF_OTHERS = {
    "curl": {"--fail"},
    "docker compose": {"--build", "--scale"},
    "uv, by `make lock`": {"--upgrade"},
}
"""What other programs take, and the pages name."""

SOURCES = re.compile(
    r"^```[^\n]*\n(?P<block>.*?)^```$|`(?P<inline>[^`\n]+(?:\n[^`\n]+)?)`", re.MULTILINE | re.DOTALL
)
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
COACH = re.compile(r"(?:^|[\s/(])coach ((?:[a-z][\w-]* ?){1,2})")


def options() -> dict[str, set[str]]:
    """The options of each command, and of each that it has below it, by its words."""
    return {
        words: {"--help", *own} for name in COMMANDS for words, own in _options(name, command_named(name))
    }


def _options(words: str, command: object) -> Iterator[tuple[str, set[str]]]:
    params = getattr(command, "params", [])
    yield words, {name for param in params for name in (*param.opts, *param.secondary_opts)}
    for name, below in getattr(command, "commands", {}).items():
        yield from _options(f"{words} {name}", below)


def wrong_options(text: str, known: dict[str, set[str]]) -> Iterator[str]:
    """What a page gives to type that nothing takes."""
    anywhere = set().union(*known.values(), *OF_OTHERS.values())
    for typed in _typed(text):
        found = COACH.search(typed)
        words = _longest(found[1].split(), known) if found else None
        before, after = (typed[: found.start()], typed[found.start() :]) if found and words else (typed, "")
        yield from (f"`{option}`" for option in OPTION.findall(before) if option not in anywhere)
        for option in OPTION.findall(after):
            if words and option not in known[words]:
                yield f"`{option}`, which `coach {words}` does not take"


def _longest(words: list[str], known: dict[str, set[str]]) -> str | None:
    return next((name for name in (" ".join(words), words[0]) if name in known), None)


def _typed(text: str) -> Iterator[str]:
    """Each command of the code in a page: what stands between line ends, pipes and semicolons."""
    for found in SOURCES.finditer(text):
        code = found["block"] or found["inline"] or ""
        yield from re.split(r"\n|\||;|&&| · ", code.replace("\\\n", " "))
