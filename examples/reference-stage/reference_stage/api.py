"""Role `orchestrator`: takes documents, hands them to the worker, reads results back."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import structlog
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

from reference_stage.database import Database
from reference_stage.errors import DependencyUnavailable
from reference_stage.health import Health, redis_check
from reference_stage.http_service import create_http_service, create_server
from reference_stage.logs import configure_logging
from reference_stage.metrics import DocumentMetrics
from reference_stage.settings import StageSettings, load_or_exit
from reference_stage.task_queue import TaskQueue
from reference_stage.telemetry import configure_telemetry

log = structlog.stdlib.get_logger(__name__)

DocumentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]


class Document(BaseModel):
    document_id: DocumentId = Field(default_factory=lambda: uuid.uuid4().hex)
    text: str = Field(min_length=1, max_length=1_000_000)


class Accepted(BaseModel):
    document_id: str
    task_id: str
    status_url: str


def create_api(settings: StageSettings) -> FastAPI:
    database = Database(settings, min_connections=5, max_connections=20)
    queue = TaskQueue(settings)
    metrics = DocumentMetrics(settings)
    health = Health(
        settings.service_name,
        {
            "redis": redis_check(settings.redis_cache_url),
            "broker": redis_check(settings.celery_broker_url),
            "postgres": database.ping,
        },
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await database.connect()
        except Exception:
            # Stay up and unhealthy: `/health` says what is missing, and the next request connects again.
            log.exception("database_unavailable")
        log.info("service_started", version=settings.service_version, port=settings.service_port)
        yield
        await database.close()
        queue.close()
        log.info("service_stopped")

    app = create_http_service(settings, health, lifespan)

    @app.post("/process", status_code=202)
    async def process(document: Document, x_forwarded_prefix: Annotated[str, Header()] = "") -> Accepted:
        task_id = uuid.uuid4().hex
        await database.accept(document.document_id, task_id)
        try:
            await queue.process_document(task_id, document.document_id, document.text)
        except DependencyUnavailable as error:
            await database.fail(document.document_id, task_id, str(error))
            raise
        metrics.count_accepted()
        log.info("document_accepted", document_id=document.document_id, task_id=task_id, status="pending")
        return Accepted(
            document_id=document.document_id,
            task_id=task_id,
            # The gateway strips its prefix from the path and says so; the caller needs it back.
            status_url=f"{x_forwarded_prefix}/documents/{document.document_id}",
        )

    @app.get("/documents/{document_id}")
    async def read_document(document_id: DocumentId) -> dict[str, Any]:
        document = await database.read(document_id)
        if document is None:
            raise HTTPException(404, f"document {document_id} is not known here; send it with POST /process")
        return document

    return app


def main() -> None:
    settings = load_or_exit(StageSettings)
    configure_logging(settings)
    tracing = configure_telemetry(settings)
    try:
        create_server(create_api(settings), settings).run()
    finally:
        tracing.shutdown()


if __name__ == "__main__":
    main()
