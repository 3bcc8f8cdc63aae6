"""What is told of a message that is being written: by any number of pieces, to streams that come at any time."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.services.event_stream import heard
from server.services.event_stream.drafts import Piece
from server.services.event_stream.heard import Drafts, News, Reader

SOMEONE, MESSAGE, OTHER = uuid4(), uuid4(), uuid4()
TEXTS = st.text(alphabet="ab\n🌹", min_size=1, max_size=5)


class Page:
    """Shows what a stream tells, by the message that it answers."""

    def __init__(self) -> None:
        self.texts: dict[UUID, str] = {}
        self._reader = Reader()

    @property
    def text(self) -> str | None:
        """What answers the first message."""
        return self.texts.get(MESSAGE)

    def look(self, drafts: Drafts) -> None:
        for news in self._reader.news(drafts.of(SOMEONE)):
            self._take(news)

    def _take(self, news: News) -> None:
        known = self.texts.pop(news.user_message_id, "")
        assert news.start <= len(known)
        if not news.is_over:
            self.texts[news.user_message_id] = known[: news.start] + news.text


def piece(start: int, text: str, *, is_over: bool = False, answers: UUID = MESSAGE) -> Piece:
    return Piece(user_id=SOMEONE, user_message_id=answers, start=start, text=text, is_over=is_over)


@given(tries=st.lists(st.lists(TEXTS, max_size=4), min_size=1, max_size=3), data=st.data())
def test_whoever_looks_whenever_shows_what_was_written_last(
    tries: list[list[str]], data: st.DataObject
) -> None:
    drafts, pages = Drafts(), [Page(), Page()]
    for texts in tries:
        drafts.take(piece(0, ""))
        written = ""
        for text in texts:
            drafts.take(piece(len(written), text))
            written += text
            for page in data.draw(st.lists(st.sampled_from(pages), unique=True)):
                page.look(drafts)
                assert page.text == written
    for page in pages:
        page.look(drafts)
        assert page.text == "".join(tries[-1])
    drafts.take(piece(0, "", is_over=True))
    for page in pages:
        page.look(drafts)
        assert page.text is None


def test_a_piece_whose_beginning_was_lost_is_not_shown() -> None:
    drafts, page = Drafts(), Page()
    drafts.take(piece(3, "lost its beginning"))
    page.look(drafts)
    assert page.text is None

    drafts.take(piece(0, "One "))
    drafts.take(piece(9, "three"))
    page.look(drafts)
    assert page.text == "One "


def test_the_end_of_one_draft_leaves_that_of_another_message_alone() -> None:
    drafts, page = Drafts(), Page()
    drafts.take(piece(0, "One"))
    drafts.take(piece(0, "Anoth", answers=OTHER))
    page.look(drafts)
    assert page.texts == {MESSAGE: "One", OTHER: "Anoth"}
    drafts.take(piece(3, "", is_over=True))
    drafts.take(piece(5, "er", answers=OTHER))
    page.look(drafts)
    assert page.texts == {OTHER: "Another"}
    drafts.take(piece(7, "", is_over=True, answers=OTHER))
    page.look(drafts)
    assert page.texts == {}


def test_a_draft_of_which_nothing_is_heard_any_more_is_over() -> None:
    drafts, page = Drafts(), Page()
    drafts.take(piece(0, "One"))
    page.look(drafts)
    assert drafts.forget_old() == set()
    drafts.of(SOMEONE)[MESSAGE].heard_at -= heard.FORGOTTEN_AFTER_S
    assert drafts.forget_old() == {SOMEONE}
    page.look(drafts)
    assert page.text is None
