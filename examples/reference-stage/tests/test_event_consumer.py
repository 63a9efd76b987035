import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.typing import EventDict

from reference_stage.cloud_events import CloudEvent, InvalidEvent
from reference_stage.errors import DependencyUnavailable
from reference_stage.event_consumer.consumer import EventConsumer
from reference_stage.event_consumer.settings import ConsumerSettings
from reference_stage.event_consumer.stream import Entry
from reference_stage.settings import parse

TYPE = "com.storytelling.cleaning.document.cleaned"
ENVIRONMENT = {
    "STAGE_NUMBER": "2",
    "STAGE_NAME": "nlp",
    "SERVICE": "event-consumer",
    "SERVICE_NAME": "stage2-nlp",
    "ORCHESTRATOR_URL": "http://127.0.0.1:1",
    "EVENT_CONSUMER_ENABLED": "true",
    "EVENT_REDIS_URL": "redis://127.0.0.1:1/1",
    "EVENT_STREAM": "stage1:cleaning:events",
    "EVENT_GROUP": "stage2-nlp-processor",
    "EVENT_DEAD_LETTER_STREAM": "stage2:nlp:failed-events",
    "EVENT_TYPES": TYPE,
    "EVENT_MAX_RETRIES": "2",
    "EVENT_RETRY_DELAY_SECONDS": "0.001",
}


def entry(number: int, event_id: str | None = None, *, type: str = TYPE) -> Entry:
    event = {"specversion": "1.0", "id": event_id or f"e{number}", "source": "/stage1/cleaning", "type": type}
    return Entry(f"{int(time.time() * 1000)}-{number}", {"event": json.dumps(event)})


class FakeStream:
    """Redis as the consumer sees it. The consumer is stopped when nothing is left."""

    def __init__(self, new: Sequence[Entry], unfinished: Sequence[Entry] = ()) -> None:
        self.new, self.unfinished = list(new), list(unfinished)
        self.processed: set[str] = set()
        self.acknowledged: list[str] = []
        self.dead_letters: list[tuple[str, str, int]] = []
        self.failures = 0
        self.on_empty: Callable[[], None] = lambda: None

    async def ensure_group(self) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise RedisConnectionError("refused")

    async def read_new(self, count: int) -> list[Entry]:
        taken, self.new = self.new[:count], self.new[count:]
        if not taken:
            self.on_empty()
        return taken

    async def read_unfinished(self, after: str, count: int) -> list[Entry]:
        return [found for found in self.unfinished if after == "0" or found.id > after][:count]

    async def claim_abandoned(self, idle_seconds: float, count: int) -> list[Entry]:
        return []

    async def count_new(self) -> int:
        return len(self.new)

    async def is_processed(self, event_id: str) -> bool:
        return event_id in self.processed

    async def acknowledge(self, entry: Entry) -> None:
        self.acknowledged.append(entry.id)

    async def finish(self, entry: Entry, event_id: str) -> None:
        self.processed.add(event_id)
        self.acknowledged.append(entry.id)

    async def dead_letter(self, entry: Entry, error: str, attempts: int) -> None:
        self.dead_letters.append((entry.id, error, attempts))


class Processing:
    """Answers the tries of each event with the errors that are given, then with success."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tried: list[str] = []

    async def process(self, event: CloudEvent) -> None:
        self.tried.append(event.id)
        # Others get their turn meanwhile, as they do while a request runs.
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)


def consume(stream: FakeStream, processing: Processing, **environment: str) -> EventConsumer:
    async def until_empty() -> EventConsumer:
        consumer = EventConsumer(parse(ConsumerSettings, {**ENVIRONMENT, **environment}), stream, processing)
        stream.on_empty = consumer.stop
        await asyncio.wait_for(consumer.run(), timeout=5)
        return consumer

    return asyncio.run(until_empty())


def names(logged: list[EventDict]) -> list[Any]:
    return [line["event"] for line in logged]


def test_an_event_is_processed_remembered_and_acknowledged(logged: list[EventDict]) -> None:
    stream, processing = FakeStream([entry(1)]), Processing()
    consumer = consume(stream, processing)
    assert (processing.tried, stream.processed, len(stream.acknowledged)) == (["e1"], {"e1"}, 1)
    assert names(logged) == [
        "event_consumer_initialized",
        "event_consumer_service_running",
        "consuming_events",
        "event_consumed",
    ]
    assert consumer.metrics.get_metrics() == {
        "total_consumed": 1,
        "processed": 1,
        "filtered": 0,
        "failed": 0,
        "duplicates_skipped": 0,
        "by_event_type": {TYPE: 1},
    }


def test_the_same_event_again_is_skipped_in_the_same_batch_and_later() -> None:
    stream, processing = FakeStream([entry(n, "same") for n in range(12)]), Processing()
    consumer = consume(stream, processing)
    assert processing.tried == ["same"]
    assert consumer.metrics.duplicates_skipped == 11
    assert len(stream.acknowledged) == 12


def test_other_types_are_acknowledged_and_left_alone() -> None:
    stream, processing = FakeStream([entry(1, type="com.storytelling.cleaning.job.completed")]), Processing()
    consumer = consume(stream, processing)
    assert (processing.tried, consumer.metrics.filtered, len(stream.acknowledged)) == ([], 1, 1)


def test_a_dry_run_logs_and_remembers_nothing(logged: list[EventDict]) -> None:
    stream, processing = FakeStream([entry(1)]), Processing()
    consume(stream, processing, AUTO_PROCESS="false")
    assert (processing.tried, stream.processed, len(stream.acknowledged)) == ([], set(), 1)
    line = next(line for line in logged if line["event"] == "event_consumed_not_processed")
    assert (line["type"], line["id"], line["auto_process"]) == (TYPE, "e1", False)


def test_a_failure_is_tried_again_and_then_a_dead_letter() -> None:
    stream, processing = FakeStream([entry(1)]), Processing(*(ValueError(f"try {n}") for n in range(3)))
    consumer = consume(stream, processing)
    assert processing.tried == ["e1"] * 3
    assert [(error, attempts) for _, error, attempts in stream.dead_letters] == [("try 2", 3)]
    assert (consumer.metrics.failed, stream.processed) == (1, set())


@pytest.mark.parametrize("poison", [Entry("1-1", {"event": "{"}), Entry("1-1", {"other": "field"})])
def test_what_no_attempt_can_save_is_a_dead_letter_at_once(poison: Entry) -> None:
    stream, processing = FakeStream([poison, entry(2)]), Processing(InvalidEvent("no document_id"))
    consume(stream, processing)
    assert [attempts for _, _, attempts in stream.dead_letters] == [1, 1]
    assert processing.tried == ["e2"]


def test_a_dependency_that_is_away_costs_no_attempt() -> None:
    away = DependencyUnavailable("the orchestrator", TimeoutError())
    stream, processing = FakeStream([entry(1)]), Processing(*[away] * 20)
    consumer = consume(stream, processing)
    assert (len(processing.tried), consumer.metrics.processed, stream.dead_letters) == (21, 1, [])


def test_what_was_taken_before_a_restart_is_finished_first() -> None:
    stream, processing = FakeStream([entry(50)], unfinished=[entry(n) for n in range(11, 36)]), Processing()
    consume(stream, processing)
    assert sorted(processing.tried[:25]) == [f"e{n}" for n in range(11, 36)]
    assert processing.tried[25:] == ["e50"]


def test_an_entry_that_was_trimmed_away_is_reported(logged: list[EventDict]) -> None:
    stream = FakeStream([], unfinished=[Entry("1-1", {})])
    consume(stream, Processing())
    assert stream.acknowledged == ["1-1"]
    assert "event_lost" in names(logged)


def test_a_backlog_is_processed_in_batches_of_its_own(logged: list[EventDict]) -> None:
    old = [Entry(f"{n}-0", entry(n).fields) for n in range(1, 51)]
    stream, processing = FakeStream([*old, *(entry(n) for n in range(51, 351))]), Processing()
    consumer = consume(stream, processing, EVENT_PROCESS_BACKLOG="true")
    assert [line for line in logged if line["event"].startswith("backlog")] == [
        {"event": "backlog_processing_started", "count": 350, "log_level": "info"},
        {"event": "backlog_batch_processed", "batch": 1, "events": 100, "too_old": 50, "log_level": "info"},
        {"event": "backlog_batch_processed", "batch": 2, "events": 100, "too_old": 0, "log_level": "info"},
        {"event": "backlog_batch_processed", "batch": 3, "events": 100, "too_old": 0, "log_level": "info"},
        {"event": "backlog_batch_processed", "batch": 4, "events": 50, "too_old": 0, "log_level": "info"},
        {"event": "backlog_processing_completed", "total": 350, "log_level": "info"},
    ]
    assert (len(processing.tried), consumer.metrics.filtered, len(stream.acknowledged)) == (300, 50, 350)


def test_a_redis_that_is_away_is_waited_for(logged: list[EventDict], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reference_stage.event_consumer.consumer.RECONNECT_SECONDS", 0.001)
    stream, processing = FakeStream([entry(1)]), Processing()
    stream.failures = 3
    consume(stream, processing)
    assert processing.tried == ["e1"]
    assert names(logged).count("failed_to_initialize_consumer") == 3


def test_a_stop_leaves_the_event_that_waits_for_the_next_start() -> None:
    away = DependencyUnavailable("the orchestrator", TimeoutError())

    async def scenario() -> FakeStream:
        stream = FakeStream([entry(1)])
        settings = parse(ConsumerSettings, {**ENVIRONMENT, "EVENT_RETRY_DELAY_SECONDS": "60"})
        consumer = EventConsumer(settings, stream, Processing(away))
        running = asyncio.create_task(consumer.run())
        await asyncio.sleep(0.05)
        consumer.stop()
        await asyncio.wait_for(running, timeout=1)
        return stream

    stream = asyncio.run(scenario())
    assert (stream.acknowledged, stream.dead_letters) == ([], [])
