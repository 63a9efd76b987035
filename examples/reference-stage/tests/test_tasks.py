from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Retry
from prometheus_client import REGISTRY
from structlog.typing import EventDict

from reference_stage.errors import DependencyUnavailable
from reference_stage.metrics import DocumentMetrics
from reference_stage.processing import Processor
from reference_stage.request_context import REQUEST_ID_HEADER
from reference_stage.settings import StageSettings
from reference_stage.tasks import ProcessDocumentInWorker, Workbench


class RecordingStore:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def complete(self, *row: Any) -> None:
        self.calls.append(("complete", *row))

    def fail(self, *row: Any) -> None:
        self.calls.append(("fail", *row))


def task_with(settings: StageSettings, processor: Processor, store: RecordingStore, retries: int = 0) -> Any:
    celery = Celery("test", set_as_current=False, broker="memory://", backend="cache+memory://")
    task = celery.register_task(ProcessDocumentInWorker(Workbench(processor, store, DocumentMetrics(settings))))
    task.push_request(id="t1", retries=retries, headers={REQUEST_ID_HEADER: "r1"}, called_directly=False)
    return task


def processed(status: str) -> float:
    labels = {"stage": "1", "service": "orchestrator", "status": status}
    return REGISTRY.get_sample_value("documents_processed_total", labels) or 0


def test_a_processed_document_is_stored_counted_and_logged_with_its_request_id(
    settings: StageSettings, logged: list[EventDict]
) -> None:
    store, before = RecordingStore(), processed("success")
    task_with(settings, lambda text: {"length": len(text)}, store).run("d1", "text")
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
        task_with(settings, breaks, store).run("d1", "text")
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
        task_with(settings, unavailable, store, retries=3).run("d1", "text")
    assert store.calls == []
    assert logged[0]["retry_in_seconds"] == 8

    with pytest.raises(DependencyUnavailable):
        task_with(settings, unavailable, store, retries=7).run("d1", "text")
    assert store.calls == [("fail", "d1", "t1", "ner-service is unavailable: TimeoutError")]
