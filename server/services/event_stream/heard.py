"""The drafts that a web process has heard of, and how far each of its streams was told of them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.services.event_stream.drafts import Piece

FORGOTTEN_AFTER_S = 150.0
"""A draft of which nothing was heard for so long is over: whoever wrote it is gone."""


@dataclass(slots=True)
class Heard:
    """A draft as far as it was heard."""

    text: str
    heard_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a stream is to be told of a draft."""

    user_message_id: UUID
    start: int
    text: str
    is_over: bool


OfUser = Mapping[UUID, Heard]
"""A user's drafts, by the message that each answers. There is one, but for a moment after a reset in the middle."""


class Drafts:
    """The drafts that this process has heard of."""

    def __init__(self) -> None:
        self._heard: dict[UUID, dict[UUID, Heard]] = {}

    def take(self, piece: Piece) -> None:
        """Add a piece, or end the draft. A piece without what was before it cannot be shown."""
        drafts = self._heard.setdefault(piece.user_id, {})
        heard = drafts.get(piece.user_message_id)
        if piece.is_over:
            drafts.pop(piece.user_message_id, None)
        elif piece.start == 0:
            drafts[piece.user_message_id] = Heard(piece.text, time.monotonic())
        elif heard and len(heard.text) == piece.start:
            heard.text += piece.text
            heard.heard_at = time.monotonic()
        if not drafts:
            del self._heard[piece.user_id]

    def of(self, user_id: UUID) -> OfUser:
        return self._heard.get(user_id, {})

    def forget_old(self) -> set[UUID]:
        """Drop those that nobody writes any more; whose they were."""
        oldest = time.monotonic() - FORGOTTEN_AFTER_S
        gone = {
            (user_id, message_id)
            for user_id, drafts in self._heard.items()
            for message_id, heard in drafts.items()
            if heard.heard_at < oldest
        }
        for user_id, message_id in gone:
            del self._heard[user_id][message_id]
        self._heard = {user_id: drafts for user_id, drafts in self._heard.items() if drafts}
        return {user_id for user_id, _ in gone}


@dataclass(frozen=True, slots=True)
class _Told:
    """A draft, and how many characters of it a stream was told."""

    draft: Heard
    characters: int


class Reader:
    """How far one stream was told of its user's drafts."""

    def __init__(self) -> None:
        self._told: dict[UUID, _Told] = {}

    def news(self, drafts: OfUser) -> list[News]:
        """The ends of those that are gone, and what the stream has not been told of the others."""
        ended = [
            News(user_message_id=message_id, start=told.characters, text="", is_over=True)
            for message_id, told in self._told.items()
            if message_id not in drafts
        ]
        grown = [
            News(user_message_id=message_id, start=start, text=draft.text[start:], is_over=False)
            for message_id, draft in drafts.items()
            if (start := self._start(message_id, draft)) is not None
        ]
        self._told = {message_id: _Told(draft, len(draft.text)) for message_id, draft in drafts.items()}
        return ended + grown

    def _start(self, message_id: UUID, draft: Heard) -> int | None:
        """From where on the draft is news; None where nothing of it is."""
        told = self._told.get(message_id)
        if told is None or told.draft is not draft:  # it is told for the first time, or was begun anew
            return 0
        return told.characters if told.characters < len(draft.text) else None
