import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from reference_stage.logs import configure_logging
from reference_stage.settings import StageSettings


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    structlog.reset_defaults()
    root.handlers[:], root.level, sys.excepthook = handlers, level, hook


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_event_is_one_json_line_with_stage_service_and_iso_time(
    settings: StageSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings)
    structlog.stdlib.get_logger("own").info("document_processed", document_id="d", processing_time_ms=12)
    (line,) = lines(capsys)
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {
        "event": "document_processed",
        "level": "info",
        "stage": "1",
        "service": "orchestrator",
        "document_id": "d",
        "processing_time_ms": 12,
    }


def test_an_event_inside_a_trace_carries_its_ids(settings: StageSettings, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(settings)
    with TracerProvider().get_tracer("test").start_as_current_span("span") as span:
        structlog.stdlib.get_logger("traced").info("inside")
    (line,) = lines(capsys)
    context = span.get_span_context()
    assert (line["trace_id"], line["span_id"]) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")


def test_a_library_line_keeps_its_text_out_of_the_event_name(
    settings: StageSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings)
    logging.getLogger("some.library").warning("lost %s", "connection")
    (line,) = lines(capsys)
    assert (line["event"], line["logger"], line["message"]) == ("library_message", "some.library", "lost connection")


def test_a_traceback_stays_on_its_line(settings: StageSettings, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(settings)
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.stdlib.get_logger("failing").exception("document_failed")
    (line,) = lines(capsys)
    assert line["exception"].endswith("ValueError: broken")
