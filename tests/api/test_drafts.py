"""What is told of a message that is being written: by any number of pieces, to streams that come at any time."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.services.event_stream import heard
from server.services.event_stream.drafts import Piece
from server.services.event_stream.heard import Drafts, News, Reader

SOMEONE, MESSAGE = uuid4(), uuid4()
TEXTS = st.text(alphabet="ab\n🌹", min_size=1, max_size=5)


class Page:
    """Shows what a stream tells."""

    def __init__(self) -> None:
        self.text: str | None = None
        self._reader = Reader()

    def look(self, drafts: Drafts) -> None:
        for news in self._reader.news(drafts.of(SOMEONE)):
            self._take(news)

    def _take(self, news: News) -> None:
        assert news.start <= len(self.text or "")
        self.text = None if news.is_over else (self.text or "")[: news.start] + news.text


def piece(start: int, text: str, *, is_over: bool = False) -> Piece:
    return Piece(user_id=SOMEONE, user_message_id=MESSAGE, start=start, text=text, is_over=is_over)


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


def test_a_draft_of_another_message_takes_the_place_of_the_one_before() -> None:
    drafts, page = Drafts(), Page()
    drafts.take(piece(0, "One"))
    page.look(drafts)
    drafts.take(piece(0, "Another").model_copy(update={"user_message_id": uuid4()}))
    page.look(drafts)
    assert page.text == "Another"


def test_a_draft_of_which_nothing_is_heard_any_more_is_over() -> None:
    drafts, page = Drafts(), Page()
    drafts.take(piece(0, "One"))
    page.look(drafts)
    assert drafts.forget_old() == []
    drafts._heard[SOMEONE].heard_at -= heard.FORGOTTEN_AFTER_S
    assert drafts.forget_old() == [SOMEONE]
    page.look(drafts)
    assert page.text is None
