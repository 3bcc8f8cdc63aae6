"""The built documentation as the web tier serves it under `/docs/`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from whitenoise import compress

from tests.api.test_client import BROWSER, POLICY, YEAR_S
from tests.api.web import WebProcess

SCRIPT = "assets/js/17896441.806e9a30.js"
INDEX = "search-index-c77daf62.json"
FILES = {
    "index.html": f'<!doctype html><title>Docs</title><script src="/docs/{SCRIPT}"></script>' + " " * 500,
    "concepts/lanes/index.html": "<!doctype html><title>Lanes</title>" + " " * 500,
    "404.html": "<!doctype html><title>Not there</title>",
    SCRIPT: "document.title += '.';\n" * 100,
    INDEX: "{}",
    "assets/images/lane-0123456789abcdef0123456789abcdef.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ".built-from": "1 2",
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs") / "dist"


@pytest.fixture(scope="module")
def site(directory: Path) -> Iterator[httpx.Client]:
    """A web process that finds the documentation in `directory`."""
    log = directory.with_name("web.log")
    with (
        WebProcess(log, {"COACH_DOCS_DIR": str(directory)}) as web,
        httpx.Client(base_url=web.url) as client,
    ):
        yield client


@pytest.fixture
def built(site: httpx.Client, directory: Path) -> Iterator[httpx.Client]:
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    assert compress.main(["--quiet", str(directory)]) == 0
    yield site
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("path", "file"), [("", "index.html"), ("concepts/lanes/", "concepts/lanes/index.html")]
)
def test_a_page_comes_compressed_and_is_asked_for_every_time(
    built: httpx.Client, path: str, file: str
) -> None:
    page = built.get(f"/docs/{path}", headers={"Accept-Encoding": "br"})

    assert (page.status_code, page.text) == (200, FILES[file])
    assert page.headers["content-type"].startswith("text/html; charset=")
    assert page.headers["content-encoding"] == "br"
    assert page.headers["cache-control"] == "no-cache"
    assert built.get(f"/docs/{path}", headers={"If-None-Match": page.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("name", [SCRIPT, INDEX, "assets/images/lane-0123456789abcdef0123456789abcdef.svg"])
def test_a_file_with_a_hash_in_its_name_is_kept_for_a_year(built: httpx.Client, name: str) -> None:
    assert built.get(f"/docs/{name}").headers["cache-control"] == f"max-age={YEAR_S}, public, immutable"


def test_a_file_without_one_is_kept_for_a_minute(built: httpx.Client) -> None:
    assert built.get("/docs/favicon.svg").headers["cache-control"] == "max-age=60, public"


@pytest.mark.parametrize("path", ["/docs", "/docs/concepts/lanes"])
def test_a_page_is_found_without_its_last_slash(built: httpx.Client, path: str) -> None:
    answer = built.get(path)

    assert (answer.status_code, answer.headers["location"]) == (301, f"{path}/")


NOWHERE = (
    "nowhere",
    "concepts/",
    "concepts",
    "concepts/lanes/index.html",
    ".built-from",
    "concepts/%2e%2e/404.html",
    "..%2f..%2fweb.log",
    "%2fetc",
    "%00",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_elsewhere_a_browser_gets_the_page_that_says_so(built: httpx.Client, path: str) -> None:
    page = built.get(f"/docs/{path}", headers=BROWSER)

    assert (page.status_code, page.text) == (404, FILES["404.html"])
    assert page.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", NOWHERE)
def test_elsewhere_a_program_gets_a_short_answer(built: httpx.Client, path: str) -> None:
    answer = built.get(f"/docs/{path}", headers={"Accept": "*/*"})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["", "nowhere", SCRIPT])
def test_every_page_comes_with_the_policy_of_the_others(built: httpx.Client, path: str) -> None:
    headers = built.get(f"/docs/{path}", headers=BROWSER).headers

    directives = (one.strip().partition(" ") for one in headers["content-security-policy"].split(";"))
    assert {name: sources for name, _, sources in directives} == POLICY


@pytest.mark.parametrize("path", ["/docs/", "/docs", "/docs/concepts/lanes/"])
def test_where_it_is_not_built_the_page_says_what_to_do(site: httpx.Client, path: str) -> None:
    page = site.get(path, headers=BROWSER)

    assert page.status_code == 503
    for named in ("make docs", "COACH_DOCS_DIR"):
        assert named in page.text
