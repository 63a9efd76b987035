"""Job `migrate`: makes the tables and ends, before anything of the stage starts that needs them."""

import asyncio
import sys

import structlog

from reference_stage.database import Database
from reference_stage.errors import DependencyUnavailable
from reference_stage.logs import configure_logging
from reference_stage.schema import ensure_tables
from reference_stage.settings import DatabaseSettings, load_or_exit

log = structlog.stdlib.get_logger(__name__)


async def migrate(settings: DatabaseSettings) -> None:
    database = Database(
        settings.postgres,
        application=f"{settings.service_name}-{settings.service}",
        connections=(1, 1),
        on_connect=ensure_tables,
    )
    try:
        await database.ping()
    finally:
        await database.close()


def main() -> None:
    settings = load_or_exit(DatabaseSettings)
    configure_logging(settings)
    try:
        asyncio.run(migrate(settings))
    except DependencyUnavailable as error:
        log.error("migration_failed", error=str(error))
        sys.exit(1)
    log.info("migration_completed", database=settings.postgres_db)


if __name__ == "__main__":
    main()
