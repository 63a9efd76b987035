"""The loop: takes entries, has their events processed, and acknowledges each when nothing can be lost any more."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from reference_stage.cloud_events import CloudEvent, InvalidEvent, parse_event
from reference_stage.errors import DependencyUnavailable, describe
from reference_stage.event_consumer.event_context import event_context
from reference_stage.event_consumer.metrics import ConsumerMetrics
from reference_stage.event_consumer.settings import ConsumerSettings
from reference_stage.event_consumer.stream import Entry

RECONNECT_SECONDS = 1
# One try of an event may take so long: the requests of the trigger have timeouts.
ATTEMPT_SECONDS = 15

log = structlog.stdlib.get_logger(__name__)


class Processing(Protocol):
    async def process(self, event: CloudEvent) -> None: ...


class Stream(Protocol):
    async def ensure_group(self) -> None: ...
    async def read_new(self, count: int) -> list[Entry]: ...
    async def read_unfinished(self, after: str, count: int) -> list[Entry]: ...
    async def claim_abandoned(self, idle_seconds: float, count: int) -> list[Entry]: ...
    async def count_new(self) -> int: ...
    async def is_processed(self, event_id: str) -> bool: ...
    async def acknowledge(self, entry: Entry) -> None: ...
    async def finish(self, entry: Entry, event_id: str) -> None: ...
    async def dead_letter(self, entry: Entry, error: str, attempts: int) -> None: ...


@dataclass(frozen=True)
class Delivery:
    entry: Entry
    event: CloudEvent


class EventConsumer:
    """Delivery is at least once: what is not acknowledged is taken again after a restart, here or elsewhere."""

    def __init__(self, settings: ConsumerSettings, stream: Stream, processing: Processing) -> None:
        self.metrics = ConsumerMetrics()
        self._settings = settings
        self._stream = stream
        self._processing = processing
        self._stopping = asyncio.Event()
        self._backlog_is_due = settings.process_backlog
        self._limit = asyncio.Semaphore(settings.concurrent_tasks)
        # After the longest time that a healthy consumer may need for a batch, its entries go to another one.
        rounds = -(-settings.batch_size // settings.concurrent_tasks)
        attempts = settings.max_retries + 1
        self._abandoned_after = rounds * attempts * (ATTEMPT_SECONDS + settings.retry_delay_seconds)

    def stop(self) -> None:
        """Finishes what is being processed, and takes nothing new."""
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._initialize()
                await self._consume()
            except* RedisError as errors:
                # Also a group that is gone: it is made anew on the way back.
                error = describe(errors.exceptions[0])
                log.warning("event_consumer_interrupted", error=error, retry_in_seconds=RECONNECT_SECONDS)
                await self._pause(RECONNECT_SECONDS)

    async def _initialize(self) -> None:
        try:
            await self._stream.ensure_group()
        except RedisError as error:
            log.error("failed_to_initialize_consumer", error=describe(error))
            raise
        log.info("event_consumer_initialized", stream=self._settings.stream, group=self._settings.group)

    async def _consume(self) -> None:
        log.info("event_consumer_service_running")
        await self._finish_own()
        if self._backlog_is_due:
            await self._process_backlog()
        log.info("consuming_events", stream=self._settings.stream, consumer=self._settings.consumer)
        next_claim = time.monotonic()
        while not self._stopping.is_set():
            if time.monotonic() >= next_claim:
                await self._process(
                    await self._stream.claim_abandoned(self._abandoned_after, self._settings.batch_size)
                )
                next_claim = time.monotonic() + self._abandoned_after / 4
            await self._process(await self._stream.read_new(self._settings.batch_size))

    async def _finish_own(self) -> None:
        after = "0"
        while not self._stopping.is_set():
            entries = await self._stream.read_unfinished(after, self._settings.batch_size)
            if not entries:
                return
            await self._process(entries)
            after = entries[-1].id

    async def _process_backlog(self) -> None:
        count, total, batch = await self._stream.count_new(), 0, 0
        log.info("backlog_processing_started", count=count)
        oldest_ms = (time.time() - self._settings.backlog_max_age_seconds) * 1000
        while total < count and not self._stopping.is_set():
            entries = await self._stream.read_new(self._settings.backlog_batch_size)
            if not entries:
                break
            recent = [entry for entry in entries if int(entry.id.partition("-")[0]) >= oldest_ms]
            for entry in entries[: len(entries) - len(recent)]:
                self.metrics.filtered += 1
                await self._stream.acknowledge(entry)
            await self._process(recent)
            batch, total = batch + 1, total + len(entries)
            log.info("backlog_batch_processed", batch=batch, events=len(entries), too_old=len(entries) - len(recent))
        self._backlog_is_due = False
        log.info("backlog_processing_completed", total=total)

    async def _process(self, entries: Sequence[Entry]) -> None:
        """The same event twice in one batch: the second is looked at when the first is done."""
        deliveries = [delivery for entry in entries if (delivery := await self._open(entry)) is not None]
        first = {delivery.event.id: delivery for delivery in reversed(deliveries)}
        repeated = [delivery for delivery in deliveries if first[delivery.event.id] is not delivery]
        for together in (list(first.values())[::-1], repeated):
            async with asyncio.TaskGroup() as tasks:
                for delivery in together:
                    tasks.create_task(self._process_limited(delivery))

    async def _open(self, entry: Entry) -> Delivery | None:
        if not entry.fields:
            log.error("event_lost", entry_id=entry.id, error="the stream was trimmed before it was processed")
            await self._stream.acknowledge(entry)
            return None
        try:
            return Delivery(entry, parse_event(entry.event))
        except InvalidEvent as error:
            self.metrics.count_consumed("invalid")
            await self._give_up(entry, error, attempts=1)
            return None

    async def _process_limited(self, delivery: Delivery) -> None:
        async with self._limit:
            # What was not begun when the stop came stays on the list for the next start.
            if not self._stopping.is_set():
                await self._process_one(delivery)

    async def _process_one(self, delivery: Delivery) -> None:
        entry, event = delivery.entry, delivery.event
        self.metrics.count_consumed(event.type)
        with event_context(event):
            if event.type not in self._settings.types:
                self.metrics.filtered += 1
                await self._stream.acknowledge(entry)
            elif await self._stream.is_processed(event.id):
                self.metrics.duplicates_skipped += 1
                log.info("event_duplicate_skipped", type=event.type, id=event.id)
                await self._stream.acknowledge(entry)
            elif not self._settings.auto_process:
                log.info("event_consumed_not_processed", type=event.type, id=event.id, auto_process=False)
                await self._stream.acknowledge(entry)
            else:
                log.info("event_consumed", type=event.type, id=event.id)
                await self._process_until_settled(delivery)

    async def _process_until_settled(self, delivery: Delivery) -> None:
        """A dependency that is away costs no attempt: the event waits, and Redis keeps those behind it."""
        attempts = 0
        while True:
            try:
                await self._processing.process(delivery.event)
                break
            except InvalidEvent as error:
                await self._give_up(delivery.entry, error, attempts + 1)
                return
            except DependencyUnavailable as error:
                log.warning("event_waits", id=delivery.event.id, error=str(error))
            except Exception as error:
                attempts += 1
                if attempts > self._settings.max_retries:
                    await self._give_up(delivery.entry, error, attempts)
                    return
                log.warning("event_retried", id=delivery.event.id, attempts=attempts, error=describe(error))
            await self._pause(self._settings.retry_delay_seconds)
            if self._stopping.is_set():
                return
        await self._stream.finish(delivery.entry, delivery.event.id)
        self.metrics.processed += 1

    async def _give_up(self, entry: Entry, error: Exception, attempts: int) -> None:
        await self._stream.dead_letter(entry, describe(error), attempts)
        self.metrics.failed += 1
        log.error("event_dead_lettered", entry_id=entry.id, attempts=attempts, error=describe(error))

    async def _pause(self, seconds: float) -> None:
        """Ends early when the consumer is to stop."""
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        except TimeoutError:
            return
