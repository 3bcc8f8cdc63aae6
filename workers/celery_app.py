"""The Celery application. Only this package knows Celery."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
django.setup()

from celery import Celery  # noqa: E402  (Django must be set up before the tasks are imported)
from django.conf import settings  # noqa: E402
from kombu import Queue  # noqa: E402

from server.enums.queue_name import QueueName  # noqa: E402
from workers import transport  # noqa: E402

APPLY = "actions.apply"
BROKER_TIMEOUT_S = 0.5
SILENCE_S = 2

transport.install()

# Celery's Django fixup would close the database connection around every task; the executor looks after its own.
app = Celery("coach", fixups=[], include=["workers.tasks"])
app.conf.update(
    broker_url=settings.REDIS_URL,
    # A message is a hint, the row is the truth: taking it off the queue is all the acknowledging it needs, and what a
    # killed worker had taken the relay sends again. Celery acknowledges it nevertheless, which would be a transaction
    # in Redis for nothing: `ack_emulation`, below, is what kombu calls it.
    task_queues=[Queue(queue.value, no_ack=True) for queue in QueueName],
    task_default_queue=QueueName.ACTIONS.value,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_serializer="json",
    accept_content=["json"],
    task_create_missing_queues=False,
    worker_consumer="workers.consumer:Consumer",
    # Both concern what we have none of, tasks acknowledged late and messages fetched ahead. Set so, Celery says nothing
    # of them where a connection is lost.
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_enable_prefetch_count_reduction=False,
    worker_prefetch_multiplier=1,
    worker_send_task_events=True,
    task_send_sent_event=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=True,
    control_queue_ttl=60,
    event_queue_ttl=10,
    event_queue_expires=60,
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A Redis that is full, or a replica, refuses what a worker says when it connects: it tries again.
    broker_channel_error_retry=True,
    # A Redis that went without a word closes no connection: one is given up when its answer is overdue, and a worker
    # is back within three of these intervals.
    broker_transport_options={
        "ack_emulation": False,
        "socket_connect_timeout": BROKER_TIMEOUT_S,
        "socket_timeout": SILENCE_S,
        "socket_keepalive": True,
        "retry_on_timeout": False,
        "health_check_interval": SILENCE_S,
    },
    # A worker of one process ends its attempt by itself when it is asked to go. To wait for it, it would have to stand
    # still in the middle of it.
    worker_soft_shutdown_timeout=0,
    broker_pool_limit=10,
)
