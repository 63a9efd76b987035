"""Celery as API and worker share it: tasks wait in the broker, results go to the cache."""

import asyncio
from collections.abc import Sequence

from celery import Celery, Task
from kombu.exceptions import OperationalError

from reference_stage.documents import PendingDocument
from reference_stage.errors import DependencyUnavailable
from reference_stage.request_context import REQUEST_ID_HEADER, current_request_id
from reference_stage.settings import BrokerSettings

REDIS_TIMEOUTS = {"socket_connect_timeout": 2, "socket_timeout": 5}


def create_celery(settings: BrokerSettings, *, result_backend: str | None) -> Celery:
    celery = Celery(settings.service_name, broker=settings.celery_broker_url, backend=result_backend)
    celery.conf.update(
        broker_connection_retry_on_startup=True,
        # A task that a killed worker had taken comes back after this time; it must exceed the longest task.
        broker_transport_options={**REDIS_TIMEOUTS, "visibility_timeout": 300},
        redis_socket_connect_timeout=REDIS_TIMEOUTS["socket_connect_timeout"],
        redis_socket_timeout=REDIS_TIMEOUTS["socket_timeout"],
        # A task is done when its result is stored, not when it is picked up.
        task_acks_late=True,
        task_default_queue=settings.celery_queues[0],
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.2},
        worker_prefetch_multiplier=1,
    )
    # Publishing happens in threads, where the instrumentation looks for the default application.
    celery.set_default()
    return celery


class ProcessDocument(Task):
    """The task as the sender knows it. What it does is in `tasks.py`, which only the worker loads."""

    name = "documents.process"
    # The worker tries again after 1, 2, 4 ... 64 s: a store may be away for two minutes.
    max_retries = 7


class TaskQueue:
    """The sending side. A task carries the document's id alone; its text stays in the database."""

    def __init__(self, celery: Celery, task: Task) -> None:
        self._celery = celery
        self._task = task
        self.name: str = celery.conf.task_default_queue

    async def send(self, documents: Sequence[PendingDocument]) -> None:
        """What is not sent because the broker is away stays pending, and the worker's sweep sends it later."""
        try:
            await asyncio.to_thread(self._send, documents, current_request_id())
        except OperationalError as error:
            raise DependencyUnavailable("broker", error) from error

    def close(self) -> None:
        self._celery.close()

    def _send(self, documents: Sequence[PendingDocument], request_id: str | None) -> None:
        for document in documents:
            self._task.apply_async(
                kwargs={"document_id": document.document_id},
                task_id=document.task_id,
                headers={REQUEST_ID_HEADER: request_id},
            )
