"""The process around the consumer: settings, signals, health, and the end."""

import asyncio
import signal
import sys

import httpx
import structlog
from redis.exceptions import RedisError

from reference_stage.database import Database
from reference_stage.errors import EnvironmentInvalid
from reference_stage.event_consumer.consumer import EventConsumer
from reference_stage.event_consumer.settings import ConsumerSettings, load_settings
from reference_stage.event_consumer.source_documents import SourceDocument, SourceDocuments, UnknownDocument
from reference_stage.event_consumer.status_file import NOT_RUNNING, WRITE_EVERY_SECONDS, write_health
from reference_stage.event_consumer.stream import EventStream
from reference_stage.event_consumer.trigger import TIMEOUT_SECONDS, DocumentReader, Trigger
from reference_stage.logs import configure_logging
from reference_stage.telemetry import configure_telemetry

log = structlog.stdlib.get_logger(__name__)


def run() -> None:
    try:
        settings = load_settings()
    except EnvironmentInvalid as error:
        sys.exit(str(error))
    configure_logging(settings)
    if not settings.enabled:
        log.error(
            "consumer_not_enabled", remedy="set EVENT_CONSUMER_ENABLED=true, or event_consumer.enabled in the file"
        )
        sys.exit(1)
    tracing = configure_telemetry(settings)
    try:
        asyncio.run(consume(settings))
    finally:
        tracing.shutdown()


async def consume(settings: ConsumerSettings) -> None:
    stream = EventStream(settings)
    database = _source_database(settings)
    limits = httpx.Limits(max_connections=settings.concurrent_tasks)
    async with httpx.AsyncClient(
        base_url=settings.orchestrator_url, timeout=TIMEOUT_SECONDS, limits=limits
    ) as orchestrator:
        trigger = Trigger(
            stage_name=settings.stage_name,
            orchestrator=orchestrator,
            documents=WithoutDatabase() if database is None else SourceDocuments(database),
            batch_mode=settings.batch_mode,
        )
        consumer = EventConsumer(settings, stream, trigger)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, consumer.stop)
        report = asyncio.create_task(_report(settings, stream, consumer))
        await consumer.run()
        report.cancel()
        log.info("event_consumer_stopped", **consumer.metrics.get_metrics())
    if database is not None:
        await database.close()
    await stream.close()


async def _report(settings: ConsumerSettings, stream: EventStream, consumer: EventConsumer) -> None:
    """For the health probe and, when something happened, for the log."""
    reported = consumer.metrics.get_metrics()
    while True:
        try:
            health = await stream.health()
        except RedisError:
            health = {**NOT_RUNNING, "enabled": settings.enabled, "running": True}
        write_health(health)
        metrics = consumer.metrics.get_metrics()
        if metrics != reported:
            log.info("event_consumer_metrics", **metrics)
            reported = metrics
        await asyncio.sleep(WRITE_EVERY_SECONDS)


class WithoutDatabase(DocumentReader):
    """For events that carry their text."""

    async def read(self, document_ids: list[str]) -> list[SourceDocument]:
        raise UnknownDocument(
            f"this stage may not read the producing stage's database: {', '.join(document_ids)}; declare `reads`"
        )


def _source_database(settings: ConsumerSettings) -> Database | None:
    if settings.source_database is None:
        return None
    return Database(
        settings.source_database,
        application=f"{settings.service_name}-{settings.service}",
        connections=(1, settings.concurrent_tasks),
    )
