"""What asking a model took."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The tokens that a reply took, repairs included, and what they cost, where the model's prices are known.

    The input tokens that were read from the model's cache are part of `input_tokens`.
    """

    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    cost_usd: Decimal | None
