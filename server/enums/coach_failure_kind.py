"""Why a coach did not answer."""

from server.enums.labelled import Labelled


class CoachFailureKind(Labelled):
    """What was in the way of a coach's answer."""

    REFUSAL = "refusal"
    TRUNCATED = "truncated"
    INVALID_RESPONSE = "invalid_response"
    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    UNAVAILABLE = "unavailable"
    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    WRONG_MODEL = "wrong_model"
