"""One JSON object per line on stdout, for our own events and for what libraries say. No token, no password."""

import logging
import sys
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logging(log_level: str) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
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
    logging.basicConfig(handlers=[handler], level=log_level, force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _log_crash


def _name_library_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # Dashboards count by event name, so free text must not become one.
    return {**event, "event": "library_message", "message": event["event"]}


def _log_crash(kind: type[BaseException], error: BaseException, trace_back: TracebackType | None) -> None:
    structlog.stdlib.get_logger(__name__).critical("process_crashed", exc_info=(kind, error, trace_back))
