"""Jobs complete with their last document, in the transaction of that document."""

from collections.abc import Sequence

import asyncpg

from reference_stage.publication import CompletedJob, Publication


async def lock_open_jobs(connection: asyncpg.Connection, document_ids: Sequence[str]) -> list[str]:
    """Locked before the documents change: else two workers with the last two documents each see the other's missing."""
    rows = await connection.fetch(
        "SELECT job_id FROM jobs WHERE completed_at IS NULL AND document_ids && $1::text[] ORDER BY job_id FOR UPDATE",
        document_ids,
    )
    return [row["job_id"] for row in rows]


async def finish_jobs(connection: asyncpg.Connection, job_ids: Sequence[str], publication: Publication) -> None:
    """Completes those of the locked jobs that wait for no document any more, and tells others."""
    if not job_ids:
        return
    rows = await connection.fetch(
        """
        UPDATE jobs SET completed_at = now()
        WHERE job_id = ANY($1) AND completed_at IS NULL AND NOT EXISTS (
            SELECT FROM documents WHERE document_id = ANY(jobs.document_ids) AND status = 'pending'
        )
        RETURNING job_id, batch_id, cardinality(document_ids) AS documents, ARRAY(
            SELECT document_id FROM documents WHERE document_id = ANY(jobs.document_ids) AND status = 'success'
        ) AS document_ids
        """,
        job_ids,
    )
    for row in rows:
        await publication.job_completed(connection, CompletedJob(**row))
