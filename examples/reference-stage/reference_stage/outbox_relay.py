"""Sends what waits in the outbox to the stream: at least once, and as soon as Redis can be reached."""

import asyncio

import structlog
from redis.asyncio import Redis

from reference_stage.cloud_events import EVENT_FIELD, parse_event
from reference_stage.database import Database
from reference_stage.errors import describe
from reference_stage.settings import EventStreamTarget

BATCH_SIZE = 100
POLL_SECONDS = 1
REDIS_TIMEOUT_SECONDS = 5

log = structlog.stdlib.get_logger(__name__)


class OutboxRelay:
    def __init__(self, database: Database, target: EventStreamTarget) -> None:
        self._database = database
        self._target = target
        self._redis = Redis.from_url(
            target.url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS
        )

    async def run(self) -> None:
        while True:
            try:
                sent = await self._send_batch()
            except Exception as error:
                # Nobody would start the relay again, so nothing may end it.
                log.warning("events_not_published", error=describe(error), retry_in_seconds=POLL_SECONDS)
                sent = 0
            if sent < BATCH_SIZE:
                await asyncio.sleep(POLL_SECONDS)

    async def _send_batch(self) -> int:
        """The rows go when the stream has them. A crash in between sends them again, with the same event ids."""
        async with self._database.transaction() as connection:
            # Another replica's relay takes other rows.
            rows = await connection.fetch(
                "SELECT id, event FROM event_outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED", BATCH_SIZE
            )
            if not rows:
                return 0
            async with self._redis.pipeline(transaction=False) as pipeline:
                for row in rows:
                    pipeline.xadd(
                        self._target.stream,
                        {EVENT_FIELD: row["event"]},
                        maxlen=self._target.max_length,
                        approximate=True,
                    )
                await pipeline.execute()
            await connection.execute("DELETE FROM event_outbox WHERE id = ANY($1)", [row["id"] for row in rows])
        for row in rows:
            event = parse_event(row["event"])
            log.info(
                "event_published",
                type=event.type,
                id=event.id,
                subject=event.subject,
                stream=self._target.stream,
                request_id=event.requestid,
            )
        return len(rows)
