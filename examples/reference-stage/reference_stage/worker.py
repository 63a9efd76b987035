"""Role `celery-worker`: takes documents from the broker, processes them, stores the results.

Tasks run in threads: one process has one connection pool, one exporter of traces and one set of metrics,
and its pipeline waits for stores and services more than it computes. A stage that computes heavily takes
`--pool=prefork`, and then must open connections and tracing after the fork (signal `worker_process_init`)
and run prometheus_client in multiprocess mode.
"""

import sys
import time
from typing import Any

import structlog
from celery.signals import heartbeat_sent, setup_logging, worker_ready

from reference_stage.background_loop import BackgroundLoop
from reference_stage.database import Database
from reference_stage.errors import EnvironmentInvalid
from reference_stage.health import Health, redis_check
from reference_stage.http_service import create_http_service, create_server
from reference_stage.logs import configure_logging
from reference_stage.metrics import DocumentMetrics
from reference_stage.processing import create_processor
from reference_stage.settings import StageSettings, load_or_exit
from reference_stage.task_queue import create_celery
from reference_stage.tasks import ProcessDocumentInWorker, Workbench
from reference_stage.telemetry import configure_telemetry

CONCURRENCY = 4
# Celery beats every 2 s while it reads from the broker, and not while it tries to reconnect.
HEARTBEAT_LIMIT_SECONDS = 10

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

    def __init__(self, loop: BackgroundLoop, database: Database) -> None:
        self._loop = loop
        self._database = database

    def complete(self, document_id: str, task_id: str, result: dict[str, Any]) -> None:
        self._loop.run(self._database.complete(document_id, task_id, result))

    def fail(self, document_id: str, task_id: str, error: str) -> None:
        self._loop.run(self._database.fail(document_id, task_id, error))


def run_worker(settings: StageSettings) -> None:
    loop = BackgroundLoop()
    database = Database(settings, min_connections=1, max_connections=CONCURRENCY)
    metrics = DocumentMetrics(settings)
    metrics.expose_outcomes()
    celery = create_celery(settings, result_backend=settings.celery_result_backend)
    workbench = Workbench(create_processor(settings), BlockingDocuments(loop, database), metrics)
    celery.register_task(ProcessDocumentInWorker(workbench))
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
    try:
        # `--quiet`: the banner is not JSON. Mingle and gossip wait for workers that share a state; ours do not.
        celery.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                f"--concurrency={CONCURRENCY}",
                f"--loglevel={settings.log_level}",
                "--without-mingle",
                "--without-gossip",
            ]
        )
    finally:
        server.should_exit = True
        serving.result()
        loop.run(database.close())
        log.info("service_stopped")


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
