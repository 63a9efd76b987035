"""The envelope of every event between stages: CloudEvents 1.0 as JSON, in the field `event` of a stream entry."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from opentelemetry import propagate
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from reference_stage.request_context import current_request_id

EVENT_FIELD = "event"

# An id becomes part of a key in Redis.
EventId = Annotated[str, Field(min_length=1, max_length=256)]


class InvalidEvent(Exception):
    """No later attempt can make sense of it."""


class CloudEvent(BaseModel):
    """`traceparent` and `requestid` are extensions: the consumer goes on in the producer's trace and request."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: EventId
    source: str
    type: str
    time: AwareDatetime | None = None
    subject: str | None = None
    datacontenttype: str = "application/json"
    data: dict[str, Any] = Field(default_factory=dict)
    traceparent: str | None = None
    requestid: str | None = None

    def to_json(self) -> str:
        return self.model_dump_json(exclude_none=True)


def new_event(*, source: str, type: str, subject: str, data: dict[str, Any]) -> CloudEvent:
    """An event that happens now, in the trace and the request that are current here."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return CloudEvent(
        id=str(uuid.uuid4()),
        source=source,
        type=type,
        time=datetime.now(UTC),
        subject=subject,
        data=data,
        traceparent=carrier.get("traceparent"),
        requestid=current_request_id(),
    )


def parse_event(text: str | None) -> CloudEvent:
    if text is None:
        raise InvalidEvent(f"the entry has no field `{EVENT_FIELD}`")
    try:
        return CloudEvent.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "event"
        raise InvalidEvent(f"not a CloudEvent: {where}: {first['msg']}") from None
