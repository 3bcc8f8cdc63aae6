"""One worker process."""

import logging
import signal

from server.enums.queue_name import QueueName
from workers.celery_app import app

# Lines for each message that came and went: the Action table says it better, and they cost time.
TALKATIVE = ("celery.worker.strategy", "celery.app.trace")


def run(name: str, queue: QueueName) -> int:
    """Apply one action of the queue at a time until SIGTERM; the answer is the exit code.

    `name` is one that no other worker has.

    Celery's own command would load its plugins first, and Flower with them, into every worker.
    """
    for logger in TALKATIVE:
        logging.getLogger(logger).setLevel(logging.WARNING)
    worker = app.Worker(
        hostname=name,
        pool="solo",
        queues=[queue.value],
        loglevel=logging.INFO,
        task_events=True,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
    # It has ended in order. Python needs a moment more, in which another SIGTERM would make a crash of it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return worker.exitcode or 0
