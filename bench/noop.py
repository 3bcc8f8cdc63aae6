"""(a) Bare Celery: a task that does nothing. What no project built on Celery can be faster than."""

import os

from celery import Celery

app = Celery("noop", broker=os.environ["REDIS_URL"], fixups=[])
app.conf.update(
    task_ignore_result=True, worker_send_task_events=True, broker_connection_retry_on_startup=True
)


@app.task
def noop(action_id: str) -> None:
    """Take what an action's task takes, and do nothing."""
