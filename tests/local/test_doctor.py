"""What `coach doctor` says of the chat page."""

from pathlib import Path

from server.local.doctor import Finding, examine
from server.local.home import Home


def chat_page(tmp_path: Path) -> Finding:
    found = examine(Home(tmp_path / "home"), client=tmp_path / "dist")
    return next(finding for finding in found if finding.name == "chat page")


def test_a_built_chat_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/index.html").touch()

    assert chat_page(tmp_path).holds


def test_how_to_build_the_chat_page_is_said_where_it_is_missing(tmp_path: Path) -> None:
    finding = chat_page(tmp_path)

    assert finding.holds is None
    assert "make client" in finding.mend
