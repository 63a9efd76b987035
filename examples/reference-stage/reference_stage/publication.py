"""What the stage tells the others: which events there are, and how they get into the outbox."""

from dataclasses import dataclass

import asyncpg
import structlog

from reference_stage.cloud_events import CloudEvent, new_event
from reference_stage.settings import StageSettings

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class CompletedJob:
    job_id: str
    batch_id: str
    documents: int
    # Those that were processed; what failed is not for other stages.
    document_ids: list[str]


class Publication:
    """
    An event is written in the transaction of the result that it tells of: it is there if, and only if, the result is.
    The relay sends it later, so that Redis may be away at this moment.
    """

    def __init__(self, settings: StageSettings) -> None:
        self._source = f"/stage{settings.stage_number}/{settings.stage_name}"
        self._document_type = _first_type(settings.event_publish_types, ".document.")
        self._job_type = _first_type(settings.event_publish_types, ".job.")

    async def document_processed(self, connection: asyncpg.Connection, document_id: str, task_id: str) -> None:
        if self._document_type is None:
            return
        data = {"document_id": document_id, "task_id": task_id}
        await _put(connection, new_event(source=self._source, type=self._document_type, subject=document_id, data=data))

    async def job_completed(self, connection: asyncpg.Connection, job: CompletedJob) -> None:
        failed = job.documents - len(job.document_ids)
        log.info("batch_processing_completed", job_id=job.job_id, batch_id=job.batch_id, failed=failed)
        if self._job_type is None:
            return
        data = {"job_id": job.job_id, "batch_id": job.batch_id, "document_ids": job.document_ids, "failed": failed}
        await _put(connection, new_event(source=self._source, type=self._job_type, subject=job.job_id, data=data))


async def _put(connection: asyncpg.Connection, event: CloudEvent) -> None:
    await connection.execute("INSERT INTO event_outbox (event) VALUES ($1)", event.to_json())


def _first_type(types: tuple[str, ...], part: str) -> str | None:
    return next((kind for kind in types if part in kind), None)
