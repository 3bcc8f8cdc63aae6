"""Flower, the live view of the workers, as this project runs it."""

import logging
import signal
from pathlib import Path
from types import FrameType

from flower.app import Flower  # type: ignore[import-untyped]
from flower.command import apply_env_options  # type: ignore[import-untyped]
from flower.urls import settings  # type: ignore[import-untyped]
from tornado.options import options

from workers.celery_app import app as celery_app

# Flower's own default is ten times as many: a worker's memory for what Postgres knows better.
MAX_TASKS = 10_000
# It asks the workers from many threads at once; with fewer connections they wait for each other for ever.
BROKER_POOL = 32
SAVE_EVERY_MS = 5 * 60 * 1000
# A worker is asked how it is while it works and answers when it is done: that it did not is no news.
TALKATIVE = ("flower.inspector", "flower.api.control", "tornado.general")


def serve(*, address: str, port: int, login: str, state: Path) -> None:
    """Serve Flower until SIGTERM or SIGINT; `login` is USER:PASSWORD, `state` the file that it keeps its tasks in.

    FLOWER_… variables set its other options.
    """
    _quieten()
    _set_options(address, port, login, state)
    celery_app.conf.broker_pool_limit = BROKER_POOL
    _serve(Flower(capp=celery_app, options=options, **(settings | {"debug": False})))


def _set_options(address: str, port: int, login: str, state: Path) -> None:
    options.max_tasks = MAX_TASKS
    options.persistent = True
    options.db = str(state)
    options.state_save_interval = SAVE_EVERY_MS
    options.purge_offline_workers = 300
    # It shows; what changes an action is the API's and the `coach` command's, which keep the rules.
    options.read_only = True
    apply_env_options()
    options.address = address
    options.port = port
    options.basic_auth = [login]


def _serve(application: Flower) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        application.io_loop.add_callback_from_signal(application.stop)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    port = application.start_http_server()
    logging.getLogger(__name__).info("Flower listens on port %s.", port)
    application.start()


def _quieten() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
    for logger in TALKATIVE:
        logging.getLogger(logger).setLevel(logging.ERROR)
