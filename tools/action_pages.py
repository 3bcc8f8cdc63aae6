"""The generated parts of the pages about actions, their order in the menu, and the overview's tables."""

import json
import re
from collections.abc import Iterable
from inspect import cleandoc
from pathlib import Path

from server.enums.action_type import ActionType
from server.enums.coaching_phase import CoachingPhase
from server.services.action_handler.models.actions import ACTION_PARAMS
from server.services.action_handler.utils.action_instructions import kind_of
from server.services.prompt_manager.phases import is_allowed
from tools.example_responses import example, path_of
from tools.generated_blocks import BlockError, filled
from tools.problems import ROOT

HANDLER_PAGES = Path("docs/docs/core-systems/action-handler")
OVERVIEW = HANDLER_PAGES / "overview.md"
ORDER = Path("docs/actions.json")
SECTIONS = (
    "Parameters",
    "What changes",
    "When it is skipped",
    "When it is rejected",
    "Example",
    "What it logs",
)
COMMON = "The phase does not allow it."
ALWAYS_ALLOWED = "every phase"
NEVER_ALLOWED = "no phase any more"
NOTHING = "\N{EN DASH}"


def action_pages() -> dict[Path, str]:
    """Every page about an action, the overview, and the order of the menu. Raises `BlockError`."""
    texts = {action_type: _read(page_of(action_type), action_type) for action_type in ActionType}
    pages = {page_of(key): _filled_page(key, text) for key, text in texts.items()}
    blocks = {"overview": _overview(texts), "phases": _phases()}
    overview = filled(OVERVIEW, (ROOT / OVERVIEW).read_text(encoding="utf-8"), blocks)
    order = json.dumps([action_type.value for action_type in ActionType], indent=2)
    return {**pages, OVERVIEW: overview, ORDER: f"{order}\n"}


def page_of(action_type: ActionType) -> Path:
    return HANDLER_PAGES / "actions" / f"{action_type.value}.md"


def purpose(action_type: ActionType) -> str:
    """What the model reads of it."""
    return cleandoc(ACTION_PARAMS[action_type].__doc__ or "")


def phases(action_type: ActionType) -> list[CoachingPhase]:
    """The phases that allow it, in order."""
    return [phase for phase in CoachingPhase if is_allowed(action_type, phase)]


def section(path: Path, text: str, heading: str) -> str:
    """What stands under a heading of the second level. Raises `BlockError` where the page has no such heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise BlockError(f"{path} has no heading '## {heading}': add it; the overview is made from it.")
    return found[1].strip()


def points(body: str) -> list[str]:
    """The first sentence of a section, or of each item where it is a list, without links."""
    items = re.findall(r"^- (.+(?:\n  .+)*)$", body, re.MULTILINE) or [body.partition("\n\n")[0]]
    return [_first_sentence(re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", " ".join(item.split()))) for item in items]


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]


def _read(path: Path, action_type: ActionType) -> str:
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BlockError(
            f"{path} is missing: every action has a page; write it, beginning with a copy of another's."
        ) from error


def _filled_page(action_type: ActionType, text: str) -> str:
    path = page_of(action_type)
    for heading in SECTIONS:
        section(path, text, heading)
    blocks = {
        "purpose": purpose(action_type),
        "params": _params(action_type),
        "example": _example(action_type),
    }
    return filled(path, text, blocks, optional=frozenset({"purpose"}))


def _params(action_type: ActionType) -> str:
    fields = ACTION_PARAMS[action_type].model_fields.items()
    rows = [(f"`{name}`", kind_of(field), field.description or "") for name, field in fields]
    return f"{table(('parameter', 'takes', 'what it is'), rows)}\n\nA coach may take it in {_where(action_type)}."


def _where(action_type: ActionType) -> str:
    return _in_phases(action_type, "the phases ", "the phase ")


def _in_phases(action_type: ActionType, many: str = "", one: str = "") -> str:
    allowed = [f"`{phase.value}`" for phase in phases(action_type)]
    if len(allowed) == len(CoachingPhase):
        return ALWAYS_ALLOWED
    if not allowed:
        return NEVER_ALLOWED
    return f"{many if len(allowed) > 1 else one}{', '.join(allowed)}"


def _example(action_type: ActionType) -> str:
    path = path_of(action_type)
    has_id = any("_id" in name for name in ACTION_PARAMS[action_type].model_fields)
    ids = " Replace each id by one of your user's first." if has_id else ""
    always = len(phases(action_type)) == len(CoachingPhase)
    phase = "" if always else " The user must be in a phase that allows it, see above."
    return (
        f"```json\n{example(action_type)}\n```\n\n"
        f"To try it, with this file: `coach submit --email you@example.org --wait {path}`.{ids}{phase}"
    )


def _overview(texts: dict[ActionType, str]) -> str:
    head = ("action", "purpose", "params", "phases", "skipped when", "rejected when")
    return table(head, [_overview_row(action_type, text) for action_type, text in texts.items()])


def _overview_row(action_type: ActionType, text: str) -> tuple[str, ...]:
    path, name = page_of(action_type), action_type.value
    rejected = [one for one in points(section(path, text, "When it is rejected")) if one != COMMON]
    return (
        f"[`{name}`](actions/{name}.md)",
        _first_sentence(purpose(action_type)),
        ", ".join(f"`{param}`" for param in ACTION_PARAMS[action_type].model_fields),
        _in_phases(action_type),
        " ".join(points(section(path, text, "When it is skipped"))),
        " ".join(rejected) or NOTHING,
    )


def _phases() -> str:
    everywhere = [key for key in ActionType if len(phases(key)) == len(CoachingPhase)]
    rows = [
        (f"`{phase.value}`", _links(_own_actions(phase, everywhere)) or NOTHING) for phase in CoachingPhase
    ]
    return f"Every phase: {_links(everywhere)}. Beside these:\n\n{table(('phase', 'may take'), rows)}"


def _own_actions(phase: CoachingPhase, everywhere: list[ActionType]) -> list[ActionType]:
    return [key for key in ActionType if is_allowed(key, phase) and key not in everywhere]


def _links(action_types: Iterable[ActionType]) -> str:
    return ", ".join(f"[`{key.value}`](actions/{key.value}.md)" for key in action_types)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    columns = list(head)
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (columns, *rows)]
    head_line, *others = (f"| {line} |" for line in lines)
    return "\n".join([head_line, f"|{'---|' * len(columns)}", *others])
