"""The stage's own metrics, with the labels `stage` and `service` of the container."""

from typing import Literal

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

from reference_stage.settings import ServiceSettings
from reference_stage.telemetry import current_trace_exemplar

ACCEPTED = Counter("documents_accepted", "Documents taken by POST /process and POST /jobs.", ["stage", "service"])
PROCESSED = Counter("documents_processed", "Documents the worker is done with.", ["stage", "service", "status"])
DURATION = Histogram("processing_duration_seconds", "Time to process a document.", ["stage", "service"])

Outcome = Literal["success", "failed"]


class DocumentMetrics:
    def __init__(self, settings: ServiceSettings) -> None:
        self._labels = {"stage": str(settings.stage_number), "service": settings.service}

    def count_accepted(self, documents: int) -> None:
        ACCEPTED.labels(**self._labels).inc(documents)

    def expose_outcomes(self) -> None:
        """Start both outcomes at 0, so that `rate()` sees the first failure."""
        for outcome in ("success", "failed"):
            PROCESSED.labels(**self._labels, status=outcome)
        DURATION.labels(**self._labels)

    def count_processed(self, outcome: Outcome, seconds: float) -> None:
        exemplar = current_trace_exemplar()
        PROCESSED.labels(**self._labels, status=outcome).inc(exemplar=exemplar)
        DURATION.labels(**self._labels).observe(seconds, exemplar=exemplar)


def metrics_response(request: Request) -> Response:
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"content-type": content_type})
