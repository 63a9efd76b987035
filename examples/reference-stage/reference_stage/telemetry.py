"""Traces by OTLP. Exporting happens in the background, so that a missing Tempo never fails a request."""

from collections.abc import Sequence

from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from reference_stage.settings import ServiceSettings

PROBE_PATHS = frozenset({"/health", "/metrics"})


class WithoutBackgroundNoise(Sampler):
    """Starts no trace for probes (Docker, gateway, Prometheus) and for polling of stores.

    A probe that arrives with a trace, because a person sent it through the gateway, is kept.
    """

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        given = attributes or {}
        path = given.get("url.path") or given.get("http.target")
        noise = kind is SpanKind.CLIENT or path in PROBE_PATHS
        return SamplingResult(Decision.DROP if noise else Decision.RECORD_AND_SAMPLE, attributes, trace_state)

    def get_description(self) -> str:
        return type(self).__name__


# gRPC waits up to two minutes before it looks for a Tempo that was replaced; its spans would be lost till then.
QUICK_RECONNECT = (
    ("grpc.initial_reconnect_backoff_ms", 500),
    ("grpc.min_reconnect_backoff_ms", 1000),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.dns_min_time_between_resolutions_ms", 1000),
)


def configure_telemetry(settings: ServiceSettings) -> TracerProvider:
    """Service name and resource attributes come from OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES."""
    provider = TracerProvider(sampler=ParentBased(root=WithoutBackgroundNoise()))
    if settings.otel_exporter_otlp_endpoint:
        exporter = OTLPSpanExporter(
            endpoint=settings.otel_exporter_otlp_endpoint,
            timeout=2,
            channel_options=QUICK_RECONNECT,  # type: ignore[arg-type]  # the library declares one pair
        )
        # One second instead of five: a person who debugs looks for the trace at once.
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)
    for instrumentor in (
        AsyncPGInstrumentor(),
        CeleryInstrumentor(),
        HTTPXClientInstrumentor(),
        RedisInstrumentor(),
    ):
        instrumentor.instrument()
    return provider


def trace_requests(app: FastAPI) -> None:
    FastAPIInstrumentor.instrument_app(app, exclude_spans=["receive", "send"])


def current_trace_exemplar() -> dict[str, str] | None:
    """Links a metric sample to its trace in Grafana."""
    context = trace.get_current_span().get_span_context()
    return {"trace_id": trace.format_trace_id(context.trace_id)} if context.trace_flags.sampled else None
