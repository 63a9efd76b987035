"""A pool of connections to one PostgreSQL database, and one kind of error for all that can fail there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from reference_stage.errors import DependencyUnavailable
from reference_stage.settings import PostgresAddress

TIMEOUT_SECONDS = 5

OnConnect = Callable[[asyncpg.Connection], Awaitable[None]]


class Database:
    """Connects when first needed, so that the process starts, and recovers, in any order with PostgreSQL."""

    def __init__(
        self,
        address: PostgresAddress,
        *,
        application: str,
        connections: tuple[int, int],
        on_connect: OnConnect | None = None,
    ) -> None:
        self._pool_arguments: dict[str, Any] = {
            "host": address.host,
            "port": address.port,
            "database": address.database,
            "user": address.user,
            "password": address.password.get_secret_value(),
            "min_size": connections[0],
            "max_size": connections[1],
            "timeout": TIMEOUT_SECONDS,
            "command_timeout": TIMEOUT_SECONDS,
            "init": on_connect,
            "server_settings": {"application_name": application},
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
        async with self.connection() as connection:
            await connection.fetchval("SELECT 1")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        try:
            pool = await self.connect()
            async with pool.acquire(timeout=TIMEOUT_SECONDS) as connection:
                yield connection
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DependencyUnavailable("postgres", error) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        async with self.connection() as connection, connection.transaction():
            yield connection
