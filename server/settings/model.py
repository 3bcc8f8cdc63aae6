"""How a language model is asked, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal
from urllib.parse import urlsplit

OPENAI_URL = "https://api.openai.com/v1"
A_MILLION = 1_000_000

ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost, in USD."""

    input: Decimal
    cached_input: Decimal
    output: Decimal

    def of(self, *, input_tokens: int, cached_input_tokens: int, output_tokens: int) -> Decimal:
        """What these tokens cost in USD; the cached ones are part of the input."""
        fresh = self.input * (input_tokens - cached_input_tokens)
        return (fresh + self.cached_input * cached_input_tokens + self.output * output_tokens) / A_MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model is asked, where and how; what is None is not sent.

    `names_users` says whether the server is told users apart by a name that says nothing about them; not every server
    takes that. `stall_timeout_s` is the longest silence within an answer, `answer_timeout_s` all that an answer may
    take, with every try and repair.
    """

    model: str
    api_key: str
    base_url: str
    names_users: bool = False
    temperature: float | None = None
    reasoning_effort: ReasoningEffort | None = None
    max_output_tokens: int | None = None
    price: Price | None = None
    connect_timeout_s: float = 5.0
    stall_timeout_s: float = 45.0
    answer_timeout_s: float = 100.0


def is_of_openai(url: str) -> bool:
    """Whether OpenAI itself answers there, in whatever region."""
    return f".{urlsplit(url).hostname}".endswith(".api.openai.com")


def prices_of(text: str) -> Mapping[str, Price]:
    """`MODEL=INPUT/CACHED/OUTPUT`, with commas between models. Raises `ValueError` for anything else."""
    return dict(_price_of(part) for part in text.split(",") if part.strip())


def _price_of(part: str) -> tuple[str, Price]:
    model, _, prices = part.strip().rpartition("=")
    try:
        fresh, cached, output = (Decimal(price) for price in prices.split("/"))
    except (ValueError, InvalidOperation):
        model = ""
        fresh = cached = output = Decimal(0)
    if not model or not all(price.is_finite() and price >= 0 for price in (fresh, cached, output)):
        raise ValueError(
            "must read MODEL=INPUT/CACHED/OUTPUT, in USD per million tokens, with commas between models"
        )
    return model, Price(input=fresh, cached_input=cached, output=output)
