"""The consumer goes on in the trace and the request of the stage that published the event."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import propagate, trace

from reference_stage.cloud_events import CloudEvent
from reference_stage.request_context import accepted_request_id

TRACER = trace.get_tracer(__name__)


@contextmanager
def event_context(event: CloudEvent) -> Iterator[None]:
    producer = propagate.extract({"traceparent": event.traceparent} if event.traceparent else {})
    request_id = accepted_request_id(event.requestid)
    with (
        TRACER.start_as_current_span(f"consume {event.type}", context=producer, kind=trace.SpanKind.CONSUMER) as span,
        structlog.contextvars.bound_contextvars(request_id=request_id),
    ):
        span.set_attributes({"request.id": request_id or "", "cloudevents.event_id": event.id})
        yield
