import asyncio

import pytest
from opentelemetry.sdk.trace import TracerProvider

from reference_stage.cloud_events import InvalidEvent, new_event, parse_event
from reference_stage.event_consumer.event_context import event_context
from reference_stage.publication import Publication
from reference_stage.request_context import current_request_id
from reference_stage.settings import StageSettings, parse


def test_an_event_survives_its_way_through_the_stream() -> None:
    event = new_event(
        source="/stage1/cleaning", type="com.x.document.cleaned", subject="d1", data={"document_id": "d1"}
    )
    assert parse_event(event.to_json()) == event
    assert event.specversion == "1.0"
    assert event.time is not None


def test_the_consumer_goes_on_in_the_trace_and_the_request_of_the_producer() -> None:
    tracer = TracerProvider().get_tracer("test")
    with tracer.start_as_current_span("producer") as span:
        event = new_event(source="/s", type="t", subject="d1", data={}).model_copy(update={"requestid": "r1"})
    assert event.traceparent is not None
    assert event.traceparent.split("-")[1] == f"{span.get_span_context().trace_id:032x}"
    with event_context(event):
        assert current_request_id() == "r1"
    assert current_request_id() is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no field `event`"),
        ("{", "Invalid JSON"),
        ("[]", "valid dictionary or object|Input should be an object"),
        ('{"specversion": "1.0", "source": "/s", "type": "t"}', "id: Field required"),
        ('{"specversion": "0.3", "id": "1", "source": "/s", "type": "t"}', "specversion: Input should be '1.0'"),
        ('{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": 7}', "data: "),
    ],
)
def test_what_is_not_a_cloud_event_is_refused_with_the_reason(text: str | None, reason: str) -> None:
    with pytest.raises(InvalidEvent, match=reason):
        parse_event(text)


class RecordingConnection:
    def __init__(self) -> None:
        self.events: list[str] = []

    async def execute(self, _statement: str, event: str) -> None:
        self.events.append(event)


@pytest.mark.parametrize(
    ("types", "published"),
    [
        ("com.storytelling.cleaning.document.cleaned, com.storytelling.cleaning.job.completed", 1),
        ("com.storytelling.cleaning.job.completed", 0),
        ("", 0),
    ],
)
def test_only_declared_types_are_published(environment: dict[str, str], types: str, published: int) -> None:
    connection = RecordingConnection()
    publication = Publication(parse(StageSettings, {**environment, "EVENT_PUBLISH_TYPES": types}))
    asyncio.run(publication.document_processed(connection, "d1", "t1"))  # type: ignore[arg-type]
    assert len(connection.events) == published
    for event in map(parse_event, connection.events):
        assert (event.type, event.source) == ("com.storytelling.cleaning.document.cleaned", "/stage1/cleaning")
        assert event.data == {"document_id": "d1", "task_id": "t1"}
