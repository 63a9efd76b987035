"""Role `celery-worker`: takes documents from the broker, processes them, stores the results, publishes events.

Tasks run in threads: one process has one connection pool, one exporter of traces and one set of metrics,
and its pipeline waits for stores and services more than it computes. A stage that computes heavily takes
`--pool=prefork`, and then must open connections and tracing after the fork (signal `worker_process_init`)
and run prometheus_client in multiprocess mode.
"""

import sys
import time
from datetime import timedelta
from typing import Any

import structlog
from celery import Celery
from celery.signals import heartbeat_sent, setup_logging, worker_ready

from reference_stage.background_loop import BackgroundLoop
from reference_stage.database import Database
from reference_stage.documents import Documents, PendingDocument
from reference_stage.errors import EnvironmentInvalid
from reference_stage.health import Health, redis_check
from reference_stage.http_service import create_http_service, create_server
from reference_stage.logs import configure_logging
from reference_stage.metrics import DocumentMetrics
from reference_stage.outbox_relay import OutboxRelay
from reference_stage.processing import create_processor
from reference_stage.publication import Publication
from reference_stage.schema import ensure_tables
from reference_stage.settings import StageSettings, load_or_exit
from reference_stage.sweep import LostTaskSweep
from reference_stage.task_queue import TaskQueue, create_celery
from reference_stage.tasks import ExpireDocuments, ProcessDocumentInWorker, Workbench
from reference_stage.telemetry import configure_telemetry

# Celery beats every 2 s while it reads from the broker, and not while it tries to reconnect.
HEARTBEAT_LIMIT_SECONDS = 10
# The relay, the sweep and the health check need a connection beside those of the tasks.
CONNECTIONS_BESIDE_TASKS = 3

log = structlog.stdlib.get_logger(__name__)


class Heartbeat:
    """Is the consumer alive? Asked over HTTP, because `celery inspect ping` costs seconds of CPU each time."""

    def __init__(self) -> None:
        self._last_beat: float | None = None
        heartbeat_sent.connect(self._beat)

    async def check(self) -> None:
        if self._last_beat is None:
            raise TimeoutError("the consumer has not started to read from the broker yet")
        silent_for = time.monotonic() - self._last_beat
        if silent_for > HEARTBEAT_LIMIT_SECONDS:
            raise TimeoutError(f"the consumer has not read from the broker for {silent_for:.0f} s")

    def _beat(self, **_signal: Any) -> None:
        self._last_beat = time.monotonic()


class BlockingDocuments:
    """The store as a task in its own thread sees it."""

    def __init__(self, loop: BackgroundLoop, documents: Documents) -> None:
        self._loop = loop
        self._documents = documents

    def take(self, document_id: str, task_id: str) -> str | None:
        return self._loop.run(self._documents.take(document_id, task_id))

    def complete(self, document_id: str, task_id: str, result: dict[str, Any]) -> None:
        self._loop.run(self._documents.complete(document_id, task_id, result))

    def fail(self, document_id: str, task_id: str, error: str) -> None:
        self._loop.run(self._documents.fail(document_id, task_id, error))

    def expired(self, older_than: timedelta) -> list[PendingDocument]:
        return self._loop.run(self._documents.expired(older_than))


def run_worker(settings: StageSettings) -> None:
    loop = BackgroundLoop()
    database = Database(
        settings.postgres,
        application=f"{settings.service_name}-{settings.service}",
        connections=(1, settings.celery_concurrency + CONNECTIONS_BESIDE_TASKS),
        on_connect=ensure_tables,
    )
    documents = Documents(database, Publication(settings))
    celery = create_celery(settings, result_backend=settings.celery_result_backend)
    queue = register_tasks(celery, settings, BlockingDocuments(loop, documents))
    health = Health(
        settings.service_name,
        {
            "redis": redis_check(settings.redis_cache_url),
            "broker": redis_check(settings.celery_broker_url),
            "postgres": database.ping,
            "consumer": Heartbeat().check,
        },
    )
    server = create_server(create_http_service(settings, health), settings)
    serving = loop.start(server.serve())
    loop.start(LostTaskSweep(documents, queue, settings.celery_broker_url, settings.lost_task_seconds).run())
    if settings.publishes_to is not None:
        loop.start(OutboxRelay(database, settings.publishes_to).run())
    try:
        celery.worker_main(worker_arguments(settings))
    finally:
        server.should_exit = True
        serving.result()
        loop.run(database.close())
        log.info("service_stopped")


def register_tasks(celery: Celery, settings: StageSettings, store: BlockingDocuments) -> TaskQueue:
    metrics = DocumentMetrics(settings)
    metrics.expose_outcomes()
    celery.register_task(ExpireDocuments(store))
    workbench = Workbench(create_processor(settings), store, metrics)
    return TaskQueue(celery, celery.register_task(ProcessDocumentInWorker(workbench)))


def worker_arguments(settings: StageSettings) -> list[str]:
    return [
        # The banner is not JSON.
        "--quiet",
        "worker",
        "--pool=threads",
        f"--concurrency={settings.celery_concurrency}",
        f"--queues={','.join(settings.celery_queues)}",
        f"--loglevel={settings.log_level}",
        # Mingle and gossip wait for workers that share a state; ours do not.
        "--without-mingle",
        "--without-gossip",
    ]


def main() -> None:
    settings = load_or_exit(StageSettings)
    configure_logging(settings)
    tracing = configure_telemetry(settings)
    # A receiver, even one that does nothing, keeps Celery from configuring logging itself.
    setup_logging.connect(lambda **_signal: None, weak=False)
    worker_ready.connect(
        lambda **_signal: log.info("service_started", version=settings.service_version, port=settings.service_port),
        weak=False,
    )
    try:
        run_worker(settings)
    except EnvironmentInvalid as error:
        sys.exit(str(error))
    finally:
        tracing.shutdown()


if __name__ == "__main__":
    main()
