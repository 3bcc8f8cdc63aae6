"""Which coach answers here, in words."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from server.settings.environment import Environment
from server.settings.model import OPENAI_URL

OFFLINE = "the offline coach: a few sentences, and no language model"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCoaches:
    """`mend` says what to do to be answered by a model; it is empty where one is asked."""

    name: str
    mend: str = ""


def who_coaches(environment: Environment) -> WhoCoaches:
    """The coach that the environment names, and what a better one would need."""
    match environment.provider:
        case "offline":
            return WhoCoaches(name=OFFLINE, mend=_to_be_answered_by_a_model(environment))
        case "scripted":
            return WhoCoaches(name=f"a recorded session, played by {_server(environment)}")
        case "openai":
            key = "" if environment.openai_api_key else ", without a key"
            return WhoCoaches(name=f"{environment.coach_model} at {_server(environment)}{key}")


def _to_be_answered_by_a_model(environment: Environment) -> str:
    if environment.coach_provider:
        return "COACH_PROVIDER is set to offline: set it to openai, or not at all, for a language model."
    if environment.openai_base_url:
        return "OPENAI_BASE_URL alone is not asked: set COACH_PROVIDER to openai, or OPENAI_API_KEY."
    return "Set OPENAI_API_KEY for a language model."


def _server(environment: Environment) -> str:
    """Without what a URL may hold beside the server's name."""
    parts = urlsplit(environment.openai_base_url or OPENAI_URL)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host
