"""Finds documents whose task got lost on the way, and sends it again."""

import asyncio
from datetime import timedelta

import structlog
from redis.asyncio import Redis

from reference_stage.documents import Documents
from reference_stage.errors import describe
from reference_stage.task_queue import TaskQueue

BATCH_SIZE = 500
REDIS_TIMEOUT_SECONDS = 5

log = structlog.stdlib.get_logger(__name__)


class LostTaskSweep:
    """
    The database decides what is to be done, the broker only how soon: a broker that was killed may have lost tasks.
    While tasks wait in the queue, an old document is no sign of a lost one.
    """

    def __init__(self, documents: Documents, queue: TaskQueue, broker_url: str, lost_after_seconds: float) -> None:
        self._documents = documents
        self._queue = queue
        self._broker = Redis.from_url(
            broker_url, socket_connect_timeout=REDIS_TIMEOUT_SECONDS, socket_timeout=REDIS_TIMEOUT_SECONDS
        )
        self._lost_after = timedelta(seconds=lost_after_seconds)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._lost_after.total_seconds() / 4)
            try:
                await self._send_lost()
            except Exception as error:
                # Nobody would start the sweep again, so nothing may end it.
                log.warning("lost_tasks_not_sent", error=describe(error))

    async def _send_lost(self) -> None:
        if await self._broker.llen(self._queue.name) > 0:
            return
        lost = await self._documents.touch_stale(self._lost_after, BATCH_SIZE)
        await self._queue.send(lost)
        if lost:
            log.warning("lost_tasks_sent_again", count=len(lost))
