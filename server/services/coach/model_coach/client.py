"""The connections to the model's server: one pool, of the event loop that asked last."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from httpx2 import AsyncByteStream, DecodingError, Response, Timeout
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from server.settings.model import ModelSettings

LONGEST_BODY = 64 * 2**20
"""Bytes. Each piece of a stream takes some 250 of them, so this is an answer of 200,000 characters, one by one."""

NO_KEY = "none"
"""Sent to a server that asks for no key: the header must hold something."""


class ModelClient:
    """Hands out the running event loop's client; that of another loop is forgotten."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def here(self) -> AsyncOpenAI:
        """The client of the running event loop; connections cannot be taken from one loop into another."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = self._new(), loop
        return self._client

    async def aclose(self) -> None:
        """Close every connection of the running event loop."""
        if self._client is not None and self._loop is asyncio.get_running_loop():
            await self._client.close()
        self._client = self._loop = None

    def _new(self) -> AsyncOpenAI:
        """It tries once: when and how often to try again is decided by who calls it."""
        settings = self._settings
        timeout = Timeout(
            settings.stall_timeout_s, connect=settings.connect_timeout_s, pool=settings.connect_timeout_s
        )
        client = AsyncOpenAI(
            api_key=settings.api_key or NO_KEY,
            base_url=settings.base_url,
            max_retries=0,
            timeout=timeout,
            default_headers={"Accept-Encoding": "identity"},
            http_client=DefaultAsyncHttpxClient(
                timeout=timeout,
                follow_redirects=False,
                # A proxy, which the environment may name, does not reach this machine.
                trust_env=not _is_here(settings.base_url),
                event_hooks={"response": [_bound]},
            ),
        )
        _ = client.chat.completions  # its modules are imported when they are first asked for
        return client


def _is_here(url: str) -> bool:
    """Whether the server is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _bound(response: Response) -> None:
    """Let no more of an answer come than one may be long: what the server sends is held in memory, line by line."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise DecodingError("The server packed its answer, and was asked not to.", request=response.request)
    response.stream = _Bounded(response)


class _Bounded(AsyncByteStream):
    def __init__(self, response: Response) -> None:
        self._response = response
        self._stream = response.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._stream, AsyncByteStream)
        left = LONGEST_BODY
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise DecodingError("The server's answer does not end.", request=self._response.request)
            yield chunk

    async def aclose(self) -> None:
        assert isinstance(self._stream, AsyncByteStream)
        await self._stream.aclose()
