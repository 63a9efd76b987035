from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Retry
from prometheus_client import REGISTRY
from structlog.typing import EventDict

from reference_stage.documents import PendingDocument
from reference_stage.errors import DependencyUnavailable
from reference_stage.metrics import DocumentMetrics
from reference_stage.processing import Processor
from reference_stage.request_context import REQUEST_ID_HEADER
from reference_stage.settings import StageSettings
from reference_stage.tasks import ExpireDocuments, ProcessDocumentInWorker, Workbench


class RecordingStore:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def take(self, _document_id: str, task_id: str) -> str | None:
        return None if task_id == "superseded" else "text"

    def complete(self, *row: Any) -> None:
        self.calls.append(("complete", *row))

    def fail(self, *row: Any) -> None:
        self.calls.append(("fail", *row))

    def expired(self, _older_than: timedelta) -> list[PendingDocument]:
        return [PendingDocument("d1", "t1")]


def task_with(
    settings: StageSettings, processor: Processor, store: RecordingStore, retries: int = 0, task_id: str = "t1"
) -> Any:
    celery = Celery("test", set_as_current=False, broker="memory://", backend="cache+memory://")
    task = celery.register_task(ProcessDocumentInWorker(Workbench(processor, store, DocumentMetrics(settings))))
    task.push_request(id=task_id, retries=retries, headers={REQUEST_ID_HEADER: "r1"}, called_directly=False)
    return task


def processed(status: str) -> float:
    labels = {"stage": "1", "service": "orchestrator", "status": status}
    return REGISTRY.get_sample_value("documents_processed_total", labels) or 0


def test_a_processed_document_is_stored_counted_and_logged_with_its_request_id(
    settings: StageSettings, logged: list[EventDict]
) -> None:
    store, before = RecordingStore(), processed("success")
    task_with(settings, lambda text: {"length": len(text)}, store).run("d1")
    assert store.calls == [("complete", "d1", "t1", {"length": 4})]
    assert processed("success") == before + 1
    (line,) = logged
    assert (line["event"], line["request_id"], line["document_id"], line["status"]) == (
        "document_processed",
        "r1",
        "d1",
        "success",
    )
    assert line["processing_time_ms"] >= 0


def test_a_document_that_breaks_the_processor_fails_at_once(settings: StageSettings, logged: list[EventDict]) -> None:
    def breaks(_text: str) -> dict[str, Any]:
        raise ValueError("no text in it")

    store, before = RecordingStore(), processed("failed")
    with pytest.raises(ValueError, match="no text in it"):
        task_with(settings, breaks, store).run("d1")
    assert store.calls == [("fail", "d1", "t1", "no text in it")]
    assert processed("failed") == before + 1
    assert [event["event"] for event in logged] == ["document_failed"]


def test_a_store_that_is_away_is_tried_again_and_given_up_in_the_end(
    settings: StageSettings, logged: list[EventDict]
) -> None:
    def unavailable(_text: str) -> dict[str, Any]:
        raise DependencyUnavailable("ner-service", TimeoutError())

    store = RecordingStore()
    with pytest.raises(Retry):
        task_with(settings, unavailable, store, retries=3).run("d1")
    assert store.calls == []
    assert logged[0]["retry_in_seconds"] == 8

    with pytest.raises(DependencyUnavailable):
        task_with(settings, unavailable, store, retries=7).run("d1")
    assert store.calls == [("fail", "d1", "t1", "ner-service is unavailable: TimeoutError")]


def test_a_task_that_a_later_one_replaced_does_nothing(settings: StageSettings, logged: list[EventDict]) -> None:
    store = RecordingStore()
    outcome = task_with(settings, lambda text: {"text": text}, store, task_id="superseded").run("d1")
    assert (outcome["status"], store.calls) == ("skipped", [])
    assert [event["event"] for event in logged] == ["document_skipped"]


def test_a_document_that_nobody_waits_for_is_failed() -> None:
    store = RecordingStore()
    assert ExpireDocuments(store).run(86_400) == 1
    assert store.calls == [("fail", "d1", "t1", "not processed in time")]
