"""The web tier that looks after its streams every second, and not four times a minute.

Serve with `uvicorn tests.api.hasty:application`.
"""

from server.asgi import application  # first: it sets Django up

# isort: split
from server.api import events
from server.services.event_stream import listen

__all__ = ["application"]

EVERY_S = 1

events.COMMENT_EVERY_S = EVERY_S
listen.LOOK_S = EVERY_S
listen.CHECK_S = EVERY_S
