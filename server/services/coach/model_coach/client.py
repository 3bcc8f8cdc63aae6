"""The connections to the model's server: one pool, of the event loop that asked last."""

import asyncio

from httpx2 import Timeout
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from server.settings.model import ModelSettings

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
            http_client=DefaultAsyncHttpxClient(timeout=timeout),
        )
        _ = client.chat.completions  # its modules are imported when they are first asked for
        return client
