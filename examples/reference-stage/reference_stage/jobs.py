"""Jobs: batches of documents that were sent together."""

from collections.abc import Sequence
from typing import Any

from reference_stage.database import Database
from reference_stage.documents import NewDocument, PendingDocument, accept_documents
from reference_stage.job_completion import finish_jobs, lock_open_jobs
from reference_stage.publication import Publication


class Jobs:
    def __init__(self, database: Database, publication: Publication) -> None:
        self._database = database
        self._publication = publication

    async def accept(self, job_id: str, batch_id: str, documents: Sequence[NewDocument]) -> list[PendingDocument]:
        """The tasks that are to be sent. A job that is known already stays as it is: sending it again is harmless."""
        document_ids = [document.document_id for document in documents]
        async with self._database.transaction() as connection:
            await connection.execute(
                """
                INSERT INTO jobs (job_id, batch_id, document_ids) VALUES ($1, $2, $3) ON CONFLICT (job_id) DO NOTHING
                """,
                job_id,
                batch_id,
                document_ids,
            )
            open_jobs = await lock_open_jobs(connection, document_ids)
            pending = await accept_documents(connection, documents)
            # All of its documents may be processed already.
            await finish_jobs(connection, open_jobs, self._publication)
        return pending

    async def read(self, job_id: str) -> dict[str, Any] | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                """
                SELECT job_id, batch_id, created_at, completed_at, cardinality(jobs.document_ids) AS documents,
                    count(*) FILTER (WHERE status = 'pending') AS pending,
                    count(*) FILTER (WHERE status = 'success') AS succeeded,
                    count(*) FILTER (WHERE status = 'failed') AS failed
                FROM jobs LEFT JOIN documents ON document_id = ANY(jobs.document_ids)
                WHERE job_id = $1 GROUP BY job_id
                """,
                job_id,
            )
        return None if row is None else {**row, "status": "completed" if row["completed_at"] else "processing"}
