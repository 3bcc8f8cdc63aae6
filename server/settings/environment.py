"""Everything that the outside sets, read once and checked."""

import json
import secrets
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.settings.model import OPENAI_URL, ModelSettings, is_of_openai, prices_of

RUN_FILE = "run.json"
SOURCE_TREE = Path(__file__).resolve().parents[2]
LONGEST_DAYS = 36_500
MINUTES_A_WEEK = 7 * 24 * 60
MOST_EVENTS = 1_000_000_000
LONGEST_ANSWER_S = 115  # a turn of the chat is given up after 120
# What each is at least where it is not 0, and what 0 is: a client has time to read its events, a key outlives every
# retry of its request, and the relay does something else between two times.
FLOORS: Mapping[str, tuple[float, str]] = {
    "coach_keep_events_per_user": (100, "any number"),
    "coach_keep_idempotency_keys_days": (1, "for ever"),
    "coach_prune_every_minutes": (0.001, "never"),
}


class RunningStandIn(BaseModel):
    """How the stand-in for the model's server is asked, while it plays a recorded session."""

    model: str
    base_url: str
    api_key: str


class RunningServices(BaseModel):
    """The part of a home's `run.json` that says where the database, the broker and the stand-in are."""

    database_url: str = ""
    redis_url: str = ""
    stand_in: RunningStandIn | None = None


class Environment(BaseSettings):
    """The environment variables; the docs' page "Configuration" says what each is for.

    Where `DATABASE_URL` or `REDIS_URL` is not set, it is that of the system running in `COACH_HOME`, if one is; and so
    is the recorded session that it plays, where neither `DATABASE_URL` nor `COACH_PROVIDER` is set.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    database_url: str = ""
    redis_url: str = ""
    coach_home: Path = Path(".coach")
    coach_env: Literal["development", "production"] = "development"
    coach_secret_key: str = ""
    coach_allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    coach_trusted_origins: str = ""
    coach_client_dir: Path | None = None
    coach_docs_dir: Path | None = None
    coach_provider: Literal["openai", "offline", "scripted", ""] = ""
    coach_model: str = "gpt-6.1-terra"
    coach_temperature: float | None = Field(default=None, ge=0, le=2)
    coach_reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max", ""] = ""
    coach_max_output_tokens: int | None = Field(default=None, ge=1)
    coach_prices: str = "gpt-6.1-terra=1/0.05/5"
    coach_connect_timeout_s: float = Field(default=5.0, gt=0, le=LONGEST_ANSWER_S)
    coach_stall_timeout_s: float = Field(default=45.0, gt=0, le=LONGEST_ANSWER_S)
    coach_settle_s: float = Field(default=2.0, ge=0, le=30)
    coach_answer_timeout_s: float = Field(default=100.0, gt=0, le=LONGEST_ANSWER_S)
    openai_api_key: str = ""
    openai_base_url: str = ""
    flower_basic_auth: str = ""
    coach_flower_url: str = ""
    coach_database_pool: int = Field(default=0, ge=0, le=200)
    coach_action_time_limit_s: float = Field(default=30.0, ge=0.1, le=3600)
    coach_keep_events_days: float = Field(default=30.0, ge=0, le=LONGEST_DAYS)
    coach_keep_events_per_user: int = Field(default=10_000, ge=0, le=MOST_EVENTS)
    coach_keep_idempotency_keys_days: float = Field(default=7.0, ge=0, le=LONGEST_DAYS)
    coach_keep_tracebacks_days: float = Field(default=30.0, ge=0, le=LONGEST_DAYS)
    coach_keep_actions_days: float = Field(default=0.0, ge=0, le=LONGEST_DAYS)
    coach_keep_replays_days: float = Field(default=90.0, ge=0, le=LONGEST_DAYS)
    coach_prune_every_minutes: float = Field(default=60.0, ge=0, le=MINUTES_A_WEEK)

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
            raise ValueError("must begin with postgresql:// ")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix", "redis+socket"}:
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    @field_validator("flower_basic_auth")
    @classmethod
    def _is_a_login(cls, login: str) -> str:
        user, colon, password = login.partition(":")
        if login and not (user and colon and password):
            raise ValueError("must read USER:PASSWORD")
        return login

    @field_validator(*FLOORS)
    @classmethod
    def _is_zero_or_enough(cls, value: float, info: ValidationInfo) -> float:
        floor, zero_is = FLOORS[str(info.field_name)]
        if 0 < value < floor:
            raise ValueError(f"must be 0, which is {zero_is}, or at least {floor}")
        return value

    @field_validator("openai_base_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and not (parts.scheme in {"http", "https"} and parts.hostname):
            raise ValueError("must begin with http:// or https:// and name a server")
        return url

    @field_validator("openai_api_key")
    @classmethod
    def _fits_into_a_header(cls, key: str) -> str:
        key = key.strip()
        if not (key.isascii() and key.isprintable()):
            raise ValueError("must be one line of plain characters")
        return key

    @field_validator("coach_prices")
    @classmethod
    def _are_prices(cls, prices: str) -> str:
        prices_of(prices)
        return prices

    @model_validator(mode="after")
    def _has_what_its_coach_needs(self) -> Self:
        if self.coach_provider == "scripted" and not self.openai_base_url:
            raise ValueError("COACH_PROVIDER 'scripted' is for `coach up --coach scripted FILE` to set")
        if self.coach_provider == "openai" and not (self.openai_api_key or self.openai_base_url):
            raise ValueError(
                "OPENAI_API_KEY must be set where COACH_PROVIDER=openai,"
                " unless OPENAI_BASE_URL names a server that asks for none"
            )
        return self

    @model_validator(mode="after")
    def _is_safe_in_production(self) -> Self:
        if self.coach_env == "production" and len(self.coach_secret_key) < 32:
            raise ValueError(
                "COACH_SECRET_KEY must be set to at least 32 characters where COACH_ENV=production"
            )
        return self

    @model_validator(mode="after")
    def _keeps_actions_for_as_long_as_their_events(self) -> Self:
        actions, events = self.coach_keep_actions_days, self.coach_keep_events_days
        if actions and (actions < events or not events):
            raise ValueError(
                "COACH_KEEP_ACTIONS_DAYS must be 0, which is for ever, or at least COACH_KEEP_EVENTS_DAYS"
            )
        return self

    @model_validator(mode="after")
    def _falls_back_on_the_running_system(self) -> Self:
        if not (self.database_url and self.redis_url):
            running = _running_services(self.coach_home / RUN_FILE)
            if running.stand_in and not (self.coach_provider or self.database_url):
                self.coach_provider = "scripted"
                self.coach_model = running.stand_in.model
                self.openai_base_url = running.stand_in.base_url
                self.openai_api_key = running.stand_in.api_key
            self.database_url = self.database_url or running.database_url
            self.redis_url = self.redis_url or running.redis_url
        return self

    @property
    def provider(self) -> Literal["openai", "offline", "scripted"]:
        """Who coaches: `COACH_PROVIDER`, else a model where there is a key, and the offline coach where not."""
        return self.coach_provider or ("openai" if self.openai_api_key else "offline")

    def model_settings(self) -> ModelSettings:
        """How the model is asked."""
        base_url = self.openai_base_url or OPENAI_URL
        return ModelSettings(
            model=self.coach_model,
            api_key=self.openai_api_key,
            base_url=base_url,
            names_users=self.coach_provider == "scripted" or is_of_openai(base_url),
            temperature=self.coach_temperature,
            reasoning_effort=self.coach_reasoning_effort or None,
            max_output_tokens=self.coach_max_output_tokens,
            price=prices_of(self.coach_prices).get(self.coach_model),
            connect_timeout_s=self.coach_connect_timeout_s,
            stall_timeout_s=self.coach_stall_timeout_s,
            answer_timeout_s=self.coach_answer_timeout_s,
        )

    @property
    def client_dir(self) -> Path:
        """Where the built client is, if it is built: `COACH_CLIENT_DIR`, else the source tree's."""
        return (self.coach_client_dir or SOURCE_TREE / "client" / "dist").resolve()

    @property
    def docs_dir(self) -> Path:
        """Where the built documentation is, if it is built: `COACH_DOCS_DIR`, else the source tree's."""
        return (self.coach_docs_dir or SOURCE_TREE / "docs" / "dist").resolve()

    def secret_key(self) -> str:
        """`COACH_SECRET_KEY`, else a random one kept in the home."""
        return self.coach_secret_key or _kept_secret(self.coach_home / "secret_key")


@lru_cache
def environment() -> Environment:
    """The checked environment; a wrong value ends the process with one line that names the variable."""
    try:
        return Environment()
    except ValidationError as error:
        print(f"coach: {_first_fault(error)}", file=sys.stderr)
        raise SystemExit(2) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = str(fault["loc"][0]).upper() if fault["loc"] else ""
    what = (
        fault["msg"]
        .removeprefix("Value error, ")
        .replace("Input should be", "must be")
        .removesuffix(" or ''")
    )
    return f"{name} {what}".strip()


def _running_services(path: Path) -> RunningServices:
    try:
        return RunningServices.model_validate(json.loads(path.read_text()))
    except (OSError, ValueError):
        return RunningServices()


def _kept_secret(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _new_secret(path)


def _new_secret(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        print(f"coach: COACH_HOME {str(path.parent)!r} cannot be used: {error.strerror}.", file=sys.stderr)
        raise SystemExit(2) from error
    return path.read_text().strip()
