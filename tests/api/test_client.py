"""The built client as the web tier serves it, and what the browser is told to allow."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from whitenoise import compress

from server.api.client import PATHS
from tests.api.web import WebProcess
from tests.contracts.sources import ROOT

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SCRIPT = "assets/index-AbCd_1-3.js"
YEAR_S = 31_536_000


def build(directory: Path, *, script: str = SCRIPT, words: str = "Hello.") -> None:
    """What `tools/client.sh` leaves: a page, files whose names have hashes, and compressed copies."""
    files = {
        "index.html": f'<!doctype html><title>Coach</title><script type="module" src="/{script}"></script>',
        script: f"document.title = {words!r};\n" * 200,
        "favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>' + " " * 200,
        ".vite/manifest.json": "{}",
    }
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    assert compress.main(["--quiet", str(directory)]) == 0


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("client") / "dist"


@pytest.fixture(scope="module")
def site(directory: Path) -> Iterator[httpx.Client]:
    """A web process that finds the client in `directory`."""
    log = directory.with_name("web.log")
    with (
        WebProcess(log, {"COACH_CLIENT_DIR": str(directory)}) as web,
        httpx.Client(base_url=web.url) as client,
    ):
        yield client


@pytest.fixture
def built(site: httpx.Client, directory: Path) -> Iterator[httpx.Client]:
    """The site with a built client, asked as a browser asks."""
    shutil.rmtree(directory, ignore_errors=True)
    build(directory)
    site.cookies.clear()
    yield site
    shutil.rmtree(directory)


# The page


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_client_is_the_built_one(built: httpx.Client, directory: Path, path: str) -> None:
    page = built.get(f"/{path}".replace(":id", str(uuid4())))

    assert page.status_code == 200
    assert page.content == (directory / "index.html").read_bytes()
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert page.cookies["csrftoken"]


def test_the_server_knows_every_path_of_the_client() -> None:
    routes = (ROOT / "client/src/app/routes.tsx").read_text()
    named = {path.strip("/") for path in re.findall(r'<Route path="([^"*]*)"', routes)}
    assert named == set(PATHS), "Mend PATHS in server/api/client.py: any other path is answered with 404."


def test_a_page_that_did_not_change_is_not_sent_again(built: httpx.Client) -> None:
    etag = built.get("/").headers["etag"]

    again = built.get("/", headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["nowhere", "history/2", "assets/gone-AbCd1234.js", "index.html", "admin2"])
def test_elsewhere_a_browser_gets_the_page_as_not_found(
    built: httpx.Client, directory: Path, path: str
) -> None:
    page = built.get(f"/{path}", headers=BROWSER)

    assert page.status_code == 404
    assert page.content == (directory / "index.html").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "assets/gone-AbCd1234.js",
        ".vite/manifest.json",
        "index.html",
        "assets",
        "assets/",
        "favicon.svg/x",
        "assets/%2e%2e/index.html",
        "..%2fweb.log",
        "%00",
    ],
)
def test_elsewhere_a_program_gets_a_short_answer(built: httpx.Client, path: str) -> None:
    answer = built.get(f"/{path}", headers={"Accept": "*/*"})

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


def test_elsewhere_in_the_api_is_a_problem(built: httpx.Client) -> None:
    answer = built.get("/api/v1/nowhere", headers=BROWSER)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_is_only_read(built: httpx.Client) -> None:
    assert built.head("/").status_code == 200
    token = {"X-CSRFToken": built.cookies["csrftoken"]}
    assert built.post("/", headers=token).status_code == 405


# Its files


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_file_comes_compressed_and_is_kept_for_a_year(
    built: httpx.Client, directory: Path, accepted: str, encoding: str | None
) -> None:
    script = built.get(f"/{SCRIPT}", headers={"Accept-Encoding": accepted})

    assert script.status_code == 200
    assert script.headers.get("content-encoding") == encoding
    assert script.headers["vary"] == "Accept-Encoding"
    assert script.text == (directory / SCRIPT).read_text()
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == f"max-age={YEAR_S}, public, immutable"
    assert "access-control-allow-origin" not in script.headers


def test_a_file_that_did_not_change_is_not_sent_again(built: httpx.Client) -> None:
    etag = built.get(f"/{SCRIPT}").headers["etag"]

    again = built.get(f"/{SCRIPT}", headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert "content-type" not in again.headers


def test_a_files_head_and_a_part_of_it_can_be_asked_for(built: httpx.Client, directory: Path) -> None:
    plain = {"Accept-Encoding": "identity"}

    assert built.head(f"/{SCRIPT}", headers=plain).headers["content-length"] == str(
        (directory / SCRIPT).stat().st_size
    )
    part = built.get(f"/{SCRIPT}", headers=plain | {"Range": "bytes=0-7"})
    assert (part.status_code, part.text) == (206, "document")


def test_nothing_is_complained_about(built: httpx.Client, directory: Path) -> None:
    built.get("/")
    built.get(f"/{SCRIPT}")
    built.get("/static/admin/css/base.css")

    log = directory.with_name("web.log").read_text()
    assert "Warning" not in log


def test_a_file_without_a_hash_in_its_name_is_kept_for_a_minute(built: httpx.Client) -> None:
    icon = built.get("/favicon.svg")

    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.headers["cache-control"] == "max-age=60, public"


def test_a_new_build_is_served_at_once_and_what_it_left_out_is_gone(
    built: httpx.Client, directory: Path
) -> None:
    newer = "assets/index-ZyXw9876.js"
    assert built.get(f"/{SCRIPT}").status_code == 200
    shutil.rmtree(directory)
    build(directory, script=newer, words="Hello again.")

    assert newer in built.get("/").text
    assert "Hello again." in built.get(f"/{newer}").text
    assert built.get(f"/{SCRIPT}").status_code == 404


# Without a client


def test_where_the_client_is_not_built_the_page_says_what_to_do(site: httpx.Client) -> None:
    page = site.get("/")

    assert page.status_code == 503
    for named in ("make client", "COACH_CLIENT_DIR", "/api/v1/docs", "/admin/"):
        assert named in page.text


def test_where_the_client_is_not_built_everything_else_works(site: httpx.Client) -> None:
    lost = site.get("/nowhere", headers=BROWSER)

    assert lost.status_code == 404
    assert "There is nothing here." in lost.text
    assert site.get("/api/v1/auth/session").json()["user"] is None
    assert site.get("/static/admin/css/base.css").status_code == 200


# What the browser is told to allow


POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PAGES = ("/", "/nowhere", "/admin/login/", "/api/v1/docs", f"/{SCRIPT}", "/static/admin/css/base.css")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_comes_with_the_policy(built: httpx.Client, path: str) -> None:
    headers = built.get(path, headers=BROWSER).headers

    directives = (
        directive.strip().partition(" ") for directive in headers["content-security-policy"].split(";")
    )
    assert {name: sources for name, _, sources in directives} == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_page_may_not_use_what_it_has_no_use_for(built: httpx.Client) -> None:
    assert "microphone=()" in built.get("/").headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/docs"])
def test_the_pages_of_others_have_no_script_inside(built: httpx.Client, path: str) -> None:
    page = built.get(path).text

    data_or_elsewhere = re.compile(r'\bsrc=|type="application/json"')
    inside = [tag for tag in re.findall(r"<script[^>]*>", page) if not data_or_elsewhere.search(tag)]
    assert inside == []
    assert re.findall(r"<[^>]+\son\w+=", page) == []
