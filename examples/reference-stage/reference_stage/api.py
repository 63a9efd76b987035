"""Role `orchestrator`: takes documents and jobs, hands them to the worker, reads results back."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import structlog
from fastapi import FastAPI, Header, HTTPException

from reference_stage.database import Database
from reference_stage.documents import Documents, NewDocument, PendingDocument
from reference_stage.errors import DependencyUnavailable
from reference_stage.health import Health, redis_check
from reference_stage.http_service import create_http_service, create_server
from reference_stage.jobs import Jobs
from reference_stage.logs import configure_logging
from reference_stage.metrics import DocumentMetrics
from reference_stage.publication import Publication
from reference_stage.requests import Accepted, AcceptedJob, Document, DocumentId, Job
from reference_stage.schema import ensure_tables
from reference_stage.settings import StageSettings, load_or_exit
from reference_stage.task_queue import ProcessDocument, TaskQueue, create_celery
from reference_stage.telemetry import configure_telemetry

log = structlog.stdlib.get_logger(__name__)


def create_api(settings: StageSettings) -> FastAPI:
    database = Database(
        settings.postgres,
        application=f"{settings.service_name}-{settings.service}",
        connections=(5, 20),
        on_connect=ensure_tables,
    )
    # No result backend: it would subscribe to every result and never unsubscribe.
    celery = create_celery(settings, result_backend=None)
    queue = TaskQueue(celery, celery.register_task(ProcessDocument()))
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
    publication, metrics = Publication(settings), DocumentMetrics(settings)
    documents, jobs = Documents(database, publication), Jobs(database, publication)
    add_document_endpoints(app, documents, queue, metrics)
    add_job_endpoints(app, jobs, documents, queue, metrics)
    return app


def add_document_endpoints(app: FastAPI, documents: Documents, queue: TaskQueue, metrics: DocumentMetrics) -> None:
    @app.post("/process", status_code=202)
    async def process(document: Document, x_forwarded_prefix: Annotated[str, Header()] = "") -> Accepted:
        pending = await documents.accept(to_new_document(document))
        if pending is not None:
            await send(documents, queue, [pending])
            metrics.count_accepted(1)
        task_id = None if pending is None else pending.task_id
        log.info("document_accepted", document_id=document.document_id, task_id=task_id)
        return Accepted(
            document_id=document.document_id,
            task_id=task_id,
            # The gateway strips its prefix from the path and says so; the caller needs it back.
            status_url=f"{x_forwarded_prefix}/documents/{document.document_id}",
        )

    @app.get("/documents/{document_id}")
    async def read_document(document_id: DocumentId) -> dict[str, Any]:
        document = await documents.read(document_id)
        if document is None:
            raise HTTPException(404, f"document {document_id} is not known here; send it with POST /process")
        return document


def add_job_endpoints(
    app: FastAPI, jobs: Jobs, documents: Documents, queue: TaskQueue, metrics: DocumentMetrics
) -> None:
    @app.post("/jobs", status_code=202)
    async def submit(job: Job, x_forwarded_prefix: Annotated[str, Header()] = "") -> AcceptedJob:
        pending = await jobs.accept(job.job_id, job.batch_id, [to_new_document(document) for document in job.documents])
        await send(documents, queue, pending)
        metrics.count_accepted(len(pending))
        log.info("batch_processing_started", job_id=job.job_id, batch_id=job.batch_id, documents=len(job.documents))
        return AcceptedJob(
            job_id=job.job_id,
            batch_id=job.batch_id,
            documents=len(job.documents),
            status_url=f"{x_forwarded_prefix}/jobs/{job.job_id}",
        )

    @app.get("/jobs/{job_id}")
    async def read_job(job_id: DocumentId) -> dict[str, Any]:
        job = await jobs.read(job_id)
        if job is None:
            raise HTTPException(404, f"job {job_id} is not known here; send it with POST /jobs")
        return job


async def send(documents: Documents, queue: TaskQueue, pending: Sequence[PendingDocument]) -> None:
    try:
        await queue.send(pending)
    except DependencyUnavailable:
        await documents.forget_version(pending)
        raise


def to_new_document(document: Document) -> NewDocument:
    return NewDocument(document.document_id, uuid.uuid4().hex, document.text, document.version)


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
