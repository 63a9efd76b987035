"""One JSON object per line on stdout, for our own events and for what libraries say."""

import logging
import sys
from types import TracebackType

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from reference_stage.settings import ServiceSettings

# Libraries whose lines repeat, for every request, task or failed health check, what our own events say better.
# Failed tasks are logged by the task itself, with the request id that `celery.app.trace` does not have.
LIBRARY_LEVELS = {
    "asyncpg": logging.ERROR,
    "celery.app.trace": logging.CRITICAL,
    "celery.worker.strategy": logging.WARNING,
    "httpx": logging.WARNING,
    "opentelemetry": logging.ERROR,
    "uvicorn": logging.WARNING,
}


def configure_logging(settings: ServiceSettings) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _IdentityAdder(settings),
        _add_trace_ids,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _name_library_event, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name, level in LIBRARY_LEVELS.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _log_crash


class _IdentityAdder:
    def __init__(self, settings: ServiceSettings) -> None:
        self._identity = {"stage": str(settings.stage_number), "service": settings.service}

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**event, **self._identity}


def _add_trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    # An id that was not sampled leads nowhere in Tempo.
    if context.trace_flags.sampled:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _name_library_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # Dashboards count by event name, so free text must not become one.
    return {**event, "event": "library_message", "message": event["event"]}


def _log_crash(kind: type[BaseException], error: BaseException, trace_back: TracebackType | None) -> None:
    structlog.stdlib.get_logger(__name__).critical("process_crashed", exc_info=(kind, error, trace_back))
