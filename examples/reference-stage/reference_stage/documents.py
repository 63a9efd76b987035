"""The stage's documents: one row each, and the events about them in the same transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg

from reference_stage.database import Database
from reference_stage.job_completion import finish_jobs, lock_open_jobs
from reference_stage.publication import Publication


@dataclass(frozen=True)
class NewDocument:
    document_id: str
    task_id: str
    text: str
    # The same version again is the same document: it is not processed a second time.
    version: str | None = None


@dataclass(frozen=True)
class PendingDocument:
    document_id: str
    task_id: str


class Documents:
    def __init__(self, database: Database, publication: Publication) -> None:
        self._database = database
        self._publication = publication

    async def accept(self, document: NewDocument) -> PendingDocument | None:
        """The task that is to be sent; nothing when this version was taken before."""
        async with self._database.transaction() as connection:
            pending = await accept_documents(connection, [document])
        return pending[0] if pending else None

    async def forget_version(self, documents: Sequence[PendingDocument]) -> None:
        """Their tasks could not be sent. Who sends them again must not be told that they are known."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE documents SET version = NULL WHERE task_id = ANY($1)",
                [document.task_id for document in documents],
            )

    async def take(self, document_id: str, task_id: str) -> str | None:
        """The text to process; nothing when the task is done already or a later one owns the document."""
        async with self._database.connection() as connection:
            text: str | None = await connection.fetchval(
                "SELECT text FROM documents WHERE document_id = $1 AND task_id = $2 AND status = 'pending'",
                document_id,
                task_id,
            )
        return text

    async def complete(self, document_id: str, task_id: str, result: dict[str, Any]) -> None:
        async with self._database.transaction() as connection:
            open_jobs = await lock_open_jobs(connection, [document_id])
            stored = await connection.fetchval(
                """
                UPDATE documents
                SET status = 'success', result = $3::jsonb, error = NULL, text = NULL, updated_at = now()
                WHERE document_id = $1 AND task_id = $2 AND status = 'pending' RETURNING 1
                """,
                document_id,
                task_id,
                json.dumps(result),
            )
            # Celery delivers at least once; only the first result counts and is told to others.
            if stored:
                await self._publication.document_processed(connection, document_id, task_id)
                await finish_jobs(connection, open_jobs, self._publication)

    async def fail(self, document_id: str, task_id: str, error: str) -> None:
        async with self._database.transaction() as connection:
            open_jobs = await lock_open_jobs(connection, [document_id])
            await connection.execute(
                """
                UPDATE documents SET status = 'failed', error = $3, text = NULL, updated_at = now()
                WHERE document_id = $1 AND task_id = $2 AND status = 'pending'
                """,
                document_id,
                task_id,
                error,
            )
            await finish_jobs(connection, open_jobs, self._publication)

    async def read(self, document_id: str) -> dict[str, Any] | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT document_id, task_id, status, result, error, updated_at FROM documents WHERE document_id = $1",
                document_id,
            )
        return None if row is None else {**row, "result": row["result"] and json.loads(row["result"])}

    async def touch_stale(self, older_than: timedelta, limit: int) -> list[PendingDocument]:
        """Pending documents that nothing happened to for so long. Each is returned once in that time."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                UPDATE documents SET updated_at = now() WHERE document_id IN (
                    SELECT document_id FROM documents WHERE status = 'pending' AND updated_at < now() - $1::interval
                    ORDER BY updated_at LIMIT $2 FOR UPDATE SKIP LOCKED
                ) RETURNING document_id, task_id
                """,
                older_than,
                limit,
            )
        return [PendingDocument(**row) for row in rows]

    async def expired(self, older_than: timedelta) -> list[PendingDocument]:
        """Pending documents of tasks that were sent so long ago that nobody waits for them any more."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT document_id, task_id FROM documents
                WHERE status = 'pending' AND accepted_at < now() - $1::interval
                """,
                older_than,
            )
        return [PendingDocument(**row) for row in rows]


async def accept_documents(connection: asyncpg.Connection, given: Iterable[NewDocument]) -> list[PendingDocument]:
    """
    A document that is sent again starts over; the latest task owns the row. One that says its version starts over
    only when that is another version or failed; else it is not among those that are returned.
    """
    # In one order: two transactions that take the same rows must not wait for each other.
    documents: Sequence[NewDocument] = sorted(given, key=lambda document: document.document_id)
    rows = await connection.fetch(
        """
        INSERT INTO documents (document_id, task_id, text, version, status)
        SELECT *, 'pending' FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
        ON CONFLICT (document_id) DO UPDATE
        SET task_id = EXCLUDED.task_id, text = EXCLUDED.text, version = EXCLUDED.version,
            status = 'pending', result = NULL, error = NULL, accepted_at = now(), updated_at = now()
        WHERE EXCLUDED.version IS NULL OR EXCLUDED.version IS DISTINCT FROM documents.version
            OR documents.status = 'failed'
        RETURNING document_id, task_id
        """,
        [document.document_id for document in documents],
        [document.task_id for document in documents],
        [document.text for document in documents],
        [document.version for document in documents],
    )
    return [PendingDocument(**row) for row in rows]
