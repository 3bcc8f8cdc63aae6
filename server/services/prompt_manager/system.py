"""What every prompt begins with: `prompts/system.md`."""

from server.services.prompt_manager.phases import PROMPTS, PROMPTS_FILE, PromptError

NAME = "system.md"


def _load() -> str:
    try:
        return (PROMPTS / NAME).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise PromptError(f"{PROMPTS_FILE}/{NAME}: the system prompt is missing; write it.") from error


SYSTEM_PROMPT = _load()
