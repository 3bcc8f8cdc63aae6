"""Numbers and names that the client has a copy of, because it needs them before it can ask."""

import re

from server.api.actions import MAX_TEXT
from server.services.action_handler.models.text import MESSAGE_LIMIT
from tests.contracts.sources import ROOT

SOURCES = sorted((ROOT / "client/src").rglob("*.ts*"))


def _constant(name: str) -> tuple[str, str]:
    """The value of the client's constant, as it is written, and the file that it stands in."""
    pattern = re.compile(rf"^(?:export )?const {name} = ([^;]+);", re.MULTILINE)
    found = [
        (match[1], str(path.relative_to(ROOT)))
        for path in SOURCES
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert len(found) == 1, f"{name} should stand once in client/src: {found}"
    return found[0]


def test_the_client_lets_no_longer_message_go_than_the_server_takes() -> None:
    value, path = _constant("MESSAGE_LIMIT")
    assert int(value) == MESSAGE_LIMIT, (
        f"mend {path}: server/services/action_handler/models/text.py has another MESSAGE_LIMIT"
    )


def test_the_client_looks_for_no_longer_text_than_the_server_takes() -> None:
    value, path = _constant("MAX_TEXT")
    assert int(value) == MAX_TEXT, f"mend {path}: server/api/actions.py has another MAX_TEXT"


def test_the_first_paint_reads_the_colours_where_the_page_keeps_them() -> None:
    value, path = _constant("COLOR_SCHEME_KEY")
    script = (ROOT / "client/public/scheme.js").read_text(encoding="utf-8")
    assert f"localStorage.getItem({value})" in script, f"mend client/public/scheme.js: {path} has another key"
