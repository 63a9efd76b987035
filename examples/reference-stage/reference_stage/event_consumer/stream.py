"""The consumed stream in Redis, as one member of a consumer group sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from reference_stage.cloud_events import EVENT_FIELD
from reference_stage.event_consumer.settings import ConsumerSettings
from reference_stage.event_consumer.status_file import Health

# Longer than any wait for new entries.
ANSWER_TIMEOUT_SECONDS = 5

# Only who takes the entry off the group's list writes the dead letter: exactly one of them, whatever is repeated.
DEAD_LETTER_SCRIPT = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
return 1
"""


@dataclass(frozen=True)
class Entry:
    id: str
    # Empty when the stream was trimmed before the entry was processed.
    fields: Mapping[str, str]

    @property
    def event(self) -> str | None:
        return self.fields.get(EVENT_FIELD)


class EventStream:
    def __init__(self, settings: ConsumerSettings) -> None:
        self._settings = settings
        self._redis = Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            # One entry with broken bytes must not make the others unreadable.
            encoding_errors="replace",
            socket_connect_timeout=ANSWER_TIMEOUT_SECONDS,
            socket_timeout=ANSWER_TIMEOUT_SECONDS + settings.poll_interval_ms / 1000,
            # The kept connection is dead after a restart of Redis; that alone is no failure.
            retry=Retry(NoBackoff(), retries=1),
        )
        self._dead_letter_script = self._redis.register_script(DEAD_LETTER_SCRIPT)

    async def ensure_group(self) -> None:
        """The platform makes stream and group; should they vanish, all that is still there is read again."""
        try:
            await self._redis.xgroup_create(self._settings.stream, self._settings.group, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def read_new(self, count: int) -> list[Entry]:
        """Waits for the poll interval when there is none."""
        return await self._read(">", count, self._settings.poll_interval_ms)

    async def read_unfinished(self, after: str, count: int) -> list[Entry]:
        """What this consumer took before and did not finish, because it was stopped or lost Redis."""
        return await self._read(after, count, None)

    async def claim_abandoned(self, idle_seconds: float, count: int) -> list[Entry]:
        """What another consumer of the group took and is not coming back for."""
        reply: Any = await self._redis.xautoclaim(
            self._settings.stream,
            self._settings.group,
            self._settings.consumer,
            min_idle_time=int(idle_seconds * 1000),
            count=count,
        )
        return _entries(reply[1])

    async def count_new(self) -> int:
        """Entries that the group has not delivered yet. Exact unless entries in the middle were deleted."""
        group = await self._group()
        if group is None:
            return 0
        lag = group["lag"]
        return int(lag) if lag is not None else int(await self._redis.xlen(self._settings.stream))

    async def is_processed(self, event_id: str) -> bool:
        return bool(await self._redis.exists(self._settings.processed_key_prefix + event_id))

    async def acknowledge(self, entry: Entry) -> None:
        await self._redis.xack(self._settings.stream, self._settings.group, entry.id)

    async def finish(self, entry: Entry, event_id: str) -> None:
        """In one step, so that an event is never acknowledged and forgotten, nor remembered and taken again."""
        remember_ms = int(self._settings.deduplication_seconds * 1000)
        async with self._redis.pipeline(transaction=True) as transaction:
            if remember_ms > 0:
                transaction.set(self._settings.processed_key_prefix + event_id, "1", px=remember_ms)
            transaction.xack(self._settings.stream, self._settings.group, entry.id)
            await transaction.execute()

    async def dead_letter(self, entry: Entry, error: str, attempts: int) -> None:
        letter = {
            EVENT_FIELD: entry.event or "",
            "error": error,
            "stream": self._settings.stream,
            "group": self._settings.group,
            "entry_id": entry.id,
            "attempts": str(attempts),
            "failed_at": datetime.now(UTC).isoformat(),
        }
        fields = [part for pair in letter.items() for part in pair]
        await self._dead_letter_script(
            keys=[self._settings.stream, self._settings.dead_letter_stream],
            args=[self._settings.group, entry.id, *fields],
        )

    async def health(self) -> Health:
        exists = bool(await self._redis.exists(self._settings.stream))
        group = await self._group() if exists else None
        return Health(
            enabled=self._settings.enabled,
            healthy=group is not None,
            stream_exists=exists,
            group_exists=group is not None,
            pending_count=0 if group is None else int(group["pending"]),
            running=True,
        )

    async def close(self) -> None:
        await self._redis.aclose()

    async def _group(self) -> dict[str, Any] | None:
        groups: list[dict[str, Any]] = await self._redis.xinfo_groups(self._settings.stream)
        return next((group for group in groups if group["name"] == self._settings.group), None)

    async def _read(self, after: str, count: int, block_ms: int | None) -> list[Entry]:
        reply: Any = await self._redis.xreadgroup(
            self._settings.group, self._settings.consumer, {self._settings.stream: after}, count=count, block=block_ms
        )
        # One stream was asked for, so one answers, as [name, entries].
        return _entries(reply[0][1]) if reply else []


def _entries(found: Sequence[tuple[str, Mapping[str, str] | None]]) -> list[Entry]:
    return [Entry(entry_id, fields or {}) for entry_id, fields in found]
