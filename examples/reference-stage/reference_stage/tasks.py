"""The Celery tasks in the worker: process one document and store the outcome, give up what nobody waits for."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog
from celery import Task
from opentelemetry import trace

from reference_stage.documents import PendingDocument
from reference_stage.errors import DependencyUnavailable, describe
from reference_stage.metrics import DocumentMetrics
from reference_stage.processing import Processor
from reference_stage.request_context import REQUEST_ID_HEADER
from reference_stage.task_queue import ProcessDocument

log = structlog.stdlib.get_logger(__name__)


class DocumentStore(Protocol):
    """What the tasks need of the database, as plain blocking calls."""

    def take(self, document_id: str, task_id: str) -> str | None: ...

    def complete(self, document_id: str, task_id: str, result: dict[str, Any]) -> None: ...

    def fail(self, document_id: str, task_id: str, error: str) -> None: ...

    def expired(self, older_than: timedelta) -> list[PendingDocument]: ...


@dataclass(frozen=True)
class Workbench:
    """What a worker puts under the tasks."""

    processor: Processor
    store: DocumentStore
    metrics: DocumentMetrics


class ProcessDocumentInWorker(ProcessDocument):
    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def run(self, document_id: str) -> dict[str, str]:
        request_id = (self.request.headers or {}).get(REQUEST_ID_HEADER)
        trace.get_current_span().set_attributes({"request.id": request_id or "", "document.id": document_id})
        with structlog.contextvars.bound_contextvars(
            request_id=request_id, document_id=document_id, task_id=self.request.id
        ):
            return self._process(document_id)

    def _process(self, document_id: str) -> dict[str, str]:
        started = time.perf_counter()
        try:
            text = self._workbench.store.take(document_id, self.request.id)
            if text is None:
                log.info("document_skipped", status="skipped")
                return {"document_id": document_id, "status": "skipped"}
            self._workbench.store.complete(document_id, self.request.id, self._workbench.processor(text))
        except DependencyUnavailable as error:
            if self.request.retries < self.max_retries:
                delay = 2**self.request.retries
                log.warning("document_retried", error=str(error), retry_in_seconds=delay)
                raise self.retry(exc=error, countdown=delay) from error
            self._give_up(document_id, error, started)
            raise
        except Exception as error:
            self._give_up(document_id, error, started)
            raise
        seconds = time.perf_counter() - started
        self._workbench.metrics.count_processed("success", seconds)
        log.info("document_processed", status="success", processing_time_ms=round(seconds * 1000, 1))
        return {"document_id": document_id, "status": "success"}

    def _give_up(self, document_id: str, error: Exception, started: float) -> None:
        seconds = time.perf_counter() - started
        self._workbench.metrics.count_processed("failed", seconds)
        log.exception("document_failed", status="failed", processing_time_ms=round(seconds * 1000, 1))
        # When the database is what failed, the log line above is the only trace that can be left.
        with suppress(DependencyUnavailable):
            self._workbench.store.fail(document_id, self.request.id, describe(error))


class ExpireDocuments(Task):
    """Sent by the scheduler. A document that stays pending for days points to a fault that someone must see."""

    name = "documents.expire"

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def run(self, older_than_seconds: float) -> int:
        expired = self._store.expired(timedelta(seconds=older_than_seconds))
        for document in expired:
            self._store.fail(document.document_id, document.task_id, "not processed in time")
        log.info("documents_expired", count=len(expired))
        return len(expired)
