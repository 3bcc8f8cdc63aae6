"""A proxy that the environment names is asked for what is elsewhere, and for nothing on this machine."""

import pytest

from server.testing.model_server.running import ModelServer
from tests.model_coach.asking import HELLO, ask

NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _no_proxy_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_on_this_machine_is_asked_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    with ModelServer([HELLO]) as server:
        ask(server, base_url=server.base_url.replace("127.0.0.1", host))
        assert len(server.requests) == 1


def test_a_server_elsewhere_is_asked_by_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer([HELLO]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        ask(proxy, base_url="http://elsewhere.invalid/v1")
        assert proxy.requests[0].headers["host"] == "elsewhere.invalid"
