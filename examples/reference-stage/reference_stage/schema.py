"""The tables of the stage. Every statement may run again, on an empty database and on one of an older version."""

import asyncpg

STATEMENTS = """
CREATE TABLE IF NOT EXISTS documents (
    document_id text PRIMARY KEY,
    task_id     text NOT NULL,
    status      text NOT NULL CHECK (status IN ('pending', 'success', 'failed')),
    result      jsonb,
    error       text,
    updated_at  timestamptz NOT NULL DEFAULT now()
);
-- What was sent, while it waits; and which version of the document that is, where the sender says so.
ALTER TABLE documents
    ADD COLUMN IF NOT EXISTS text text,
    ADD COLUMN IF NOT EXISTS version text,
    ADD COLUMN IF NOT EXISTS accepted_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX IF NOT EXISTS documents_pending ON documents (updated_at) WHERE status = 'pending';

CREATE TABLE IF NOT EXISTS jobs (
    job_id       text PRIMARY KEY,
    batch_id     text NOT NULL,
    document_ids text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz
);
CREATE INDEX IF NOT EXISTS jobs_open ON jobs USING gin (document_ids) WHERE completed_at IS NULL;

CREATE TABLE IF NOT EXISTS event_outbox (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event text NOT NULL
);
"""
# The one that is made last.
NEWEST_TABLE = "event_outbox"
# Any number that nobody else in this database uses.
CREATE_TABLES_LOCK = 20_250_001


async def ensure_tables(connection: asyncpg.Connection) -> None:
    """Runs for every new connection: a database that was dropped and created anew gets its tables back."""
    if await connection.fetchval("SELECT to_regclass($1)", NEWEST_TABLE) is not None:
        return
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", CREATE_TABLES_LOCK)
        await connection.execute(STATEMENTS)
