"""The web tier as one ASGI application: the event stream, and Django for everything else."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
django_application: Any = get_asgi_application()  # Django has its own types for what ASGI is

# Django must be set up before its models are imported.
from starlette.routing import Route, Router  # noqa: E402
from starlette.types import ASGIApp  # noqa: E402

from server.api.body_limit import BodyLimit  # noqa: E402
from server.api.events import PATH, EventEndpoint  # noqa: E402
from server.api.every_error import EveryErrorIsAProblem  # noqa: E402
from server.local.background import end_all  # noqa: E402
from server.services.action_queue.publisher import publisher  # noqa: E402
from server.services.coach.provider import provider  # noqa: E402
from server.services.coach.turn import finish_turns  # noqa: E402
from server.services.event_stream.listen import listeners  # noqa: E402

GRACE_S = 5.0
"""How long turns may go on that nobody waits for any more; what is asked again goes on from the stored message."""


@asynccontextmanager
async def _lifespan(app: ASGIApp) -> AsyncIterator[None]:
    coach = provider()  # one that cannot be had stops the start, not the first request
    publisher()  # imports the broker's client, for which the first request would wait
    await coach.aopen()
    try:
        async with listeners.running():
            yield
    finally:
        try:
            await asyncio.gather(finish_turns(GRACE_S), asyncio.to_thread(end_all))
        finally:
            await coach.aclose()


_routes = Router(
    [Route(PATH, EventEndpoint(), methods=["GET"])],
    redirect_slashes=False,
    default=django_application,
    lifespan=_lifespan,
)

application: ASGIApp = EveryErrorIsAProblem(BodyLimit(_routes))
