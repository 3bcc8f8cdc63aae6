"""The drafts that a web process has heard of, and how far each of its streams was told of them."""

import time
from dataclasses import dataclass
from uuid import UUID

from server.services.event_stream.drafts import Piece

FORGOTTEN_AFTER_S = 150.0
"""A draft of which nothing was heard for so long is over: whoever wrote it is gone."""


@dataclass(slots=True)
class Heard:
    """A draft as far as it was heard."""

    user_message_id: UUID
    text: str
    heard_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a stream is to be told of a draft."""

    user_message_id: UUID
    start: int
    text: str
    is_over: bool


class Drafts:
    """The drafts that this process has heard of: at most one for each user, who has one turn at a time."""

    def __init__(self) -> None:
        self._heard: dict[UUID, Heard] = {}

    def take(self, piece: Piece) -> None:
        """Add a piece, or end the draft. A piece without what was before it cannot be shown."""
        heard = self._heard.get(piece.user_id)
        if piece.is_over:
            self._heard.pop(piece.user_id, None)
        elif piece.start == 0:
            self._heard[piece.user_id] = Heard(piece.user_message_id, piece.text, time.monotonic())
        elif heard and heard.user_message_id == piece.user_message_id and len(heard.text) == piece.start:
            heard.text += piece.text
            heard.heard_at = time.monotonic()

    def of(self, user_id: UUID) -> Heard | None:
        return self._heard.get(user_id)

    def forget_old(self) -> list[UUID]:
        """Drop those that nobody writes any more; whose they were."""
        oldest = time.monotonic() - FORGOTTEN_AFTER_S
        gone = [user_id for user_id, heard in self._heard.items() if heard.heard_at < oldest]
        for user_id in gone:
            del self._heard[user_id]
        return gone


class Reader:
    """How far one stream was told of its user's drafts."""

    def __init__(self) -> None:
        self._draft: Heard | None = None
        self._told = 0

    def news(self, draft: Heard | None) -> list[News]:
        """What the stream has not been told of the draft, and the end of the one before."""
        found = []
        if self._draft is not None and draft is None:
            found.append(self._end(self._draft))
        if draft is not None and (draft is not self._draft or len(draft.text) > self._told):
            start = self._told if draft is self._draft else 0
            found.append(
                News(
                    user_message_id=draft.user_message_id,
                    start=start,
                    text=draft.text[start:],
                    is_over=False,
                )
            )
        self._draft = draft
        self._told = len(draft.text) if draft else 0
        return found

    def _end(self, draft: Heard) -> News:
        return News(user_message_id=draft.user_message_id, start=self._told, text="", is_over=True)
