"""The producing stage's documents, read from its database by a role that can only read."""

from collections.abc import Sequence
from dataclasses import dataclass

from reference_stage.database import Database


@dataclass(frozen=True)
class SourceDocument:
    document_id: str
    # The producer's task: another one means that the document was processed again.
    version: str
    text: str


class UnknownDocument(Exception):
    """The producer told of a document that its database does not have."""


class SourceDocuments:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, document_ids: Sequence[str]) -> list[SourceDocument]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT document_id, task_id AS version, result ->> 'text' AS text FROM documents
                WHERE document_id = ANY($1) AND status = 'success'
                """,
                list(document_ids),
            )
        missing = set(document_ids) - {row["document_id"] for row in rows}
        if missing:
            raise UnknownDocument(f"the producing stage has no result of: {', '.join(sorted(missing))}")
        return [SourceDocument(**row) for row in rows]
