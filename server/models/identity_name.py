"""When two names of identities are the same."""

import unicodedata


def name_key(name: str) -> str:
    """What two names share that are equal without regard to case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
