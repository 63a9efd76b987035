"""The stage's own PostgreSQL database: one row per document."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from reference_stage.errors import DependencyUnavailable
from reference_stage.settings import StageSettings

CREATE_TABLE = """
CREATE TABLE documents (
    document_id text PRIMARY KEY,
    task_id     text NOT NULL,
    status      text NOT NULL CHECK (status IN ('pending', 'success', 'failed')),
    result      jsonb,
    error       text,
    updated_at  timestamptz NOT NULL DEFAULT now()
)
"""
# Any number that nobody else in this database uses.
CREATE_TABLE_LOCK = 20_250_001

TIMEOUT_SECONDS = 5


class Database:
    """Connects when first needed, so that the process starts, and recovers, in any order with PostgreSQL."""

    def __init__(self, settings: StageSettings, *, min_connections: int, max_connections: int) -> None:
        self._pool_arguments: dict[str, Any] = {
            "host": settings.postgres_host,
            "port": settings.postgres_port,
            "database": settings.postgres_db,
            "user": settings.postgres_user,
            "password": settings.postgres_password.get_secret_value(),
            "min_size": min_connections,
            "max_size": max_connections,
            "timeout": TIMEOUT_SECONDS,
            "command_timeout": TIMEOUT_SECONDS,
            "init": _ensure_table,
            "server_settings": {"application_name": f"{settings.service_name}-{settings.service}"},
        }
        self._pool: asyncpg.Pool | None = None
        self._connecting = asyncio.Lock()

    async def connect(self) -> asyncpg.Pool:
        async with self._connecting:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(**self._pool_arguments)
            return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()

    async def ping(self) -> None:
        async with self._connection() as connection:
            await connection.fetchval("SELECT 1")

    async def accept(self, document_id: str, task_id: str) -> None:
        """A document that is sent again starts over; the latest task owns the row."""
        await self._execute(
            """
            INSERT INTO documents (document_id, task_id, status) VALUES ($1, $2, 'pending')
            ON CONFLICT (document_id) DO UPDATE
            SET task_id = $2, status = 'pending', result = NULL, error = NULL, updated_at = now()
            """,
            document_id,
            task_id,
        )

    async def complete(self, document_id: str, task_id: str, result: dict[str, Any]) -> None:
        await self._execute(
            """
            UPDATE documents SET status = 'success', result = $3::jsonb, error = NULL, updated_at = now()
            WHERE document_id = $1 AND task_id = $2
            """,
            document_id,
            task_id,
            json.dumps(result),
        )

    async def fail(self, document_id: str, task_id: str, error: str) -> None:
        await self._execute(
            """
            UPDATE documents SET status = 'failed', error = $3, updated_at = now()
            WHERE document_id = $1 AND task_id = $2
            """,
            document_id,
            task_id,
            error,
        )

    async def read(self, document_id: str) -> dict[str, Any] | None:
        async with self._connection() as connection:
            row = await connection.fetchrow(
                "SELECT document_id, task_id, status, result, error, updated_at FROM documents WHERE document_id = $1",
                document_id,
            )
        return None if row is None else {**row, "result": row["result"] and json.loads(row["result"])}

    async def _execute(self, statement: str, *values: str) -> None:
        async with self._connection() as connection:
            await connection.execute(statement, *values)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        try:
            pool = await self.connect()
            async with pool.acquire(timeout=TIMEOUT_SECONDS) as connection:
                yield connection
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DependencyUnavailable("postgres", error) from error


async def _ensure_table(connection: asyncpg.Connection) -> None:
    # Runs for every new connection: a database that was dropped and created anew gets its table back.
    if await connection.fetchval("SELECT to_regclass('documents')") is not None:
        return
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", CREATE_TABLE_LOCK)
        if await connection.fetchval("SELECT to_regclass('documents')") is None:
            await connection.execute(CREATE_TABLE)
