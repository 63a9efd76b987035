"""Ties everything that happens for one request together: request id, span, access line."""

import logging
import re
import time
import uuid

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_stage.telemetry import PROBE_PATHS

REQUEST_ID_HEADER = "X-Request-Id"
# What we write into logs, spans and headers must not be able to forge any of them.
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

log = structlog.stdlib.get_logger(__name__)


def accepted_request_id(given: str | None) -> str | None:
    return given if given is not None and REQUEST_ID.fullmatch(given) else None


def current_request_id() -> str | None:
    """The id of the request, or of the task that a request caused, that runs here."""
    request_id: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return request_id


class RequestContext:
    """ASGI middleware; the gateway makes the request id, a request without one gets a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from_gateway = accepted_request_id(Headers(scope=scope).get(REQUEST_ID_HEADER))
        request_id = from_gateway or uuid.uuid4().hex
        span = trace.get_current_span()
        span.set_attribute("request.id", request_id)
        started = time.perf_counter()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as error:
                span.record_exception(error)
                log.exception("request_failed")
                if status is None:
                    response = JSONResponse({"detail": "internal error"}, status_code=500)
                    await response(scope, receive, send_with_id)
            # Probes come every few seconds and without an id; the others are what people look for.
            is_probe = from_gateway is None and scope["path"] in PROBE_PATHS
            log.log(
                logging.DEBUG if is_probe else logging.WARNING if (status or 500) >= 500 else logging.INFO,
                "request_completed",
                method=scope["method"],
                path=scope["path"],
                status=status,
                processing_time_ms=round((time.perf_counter() - started) * 1000, 1),
            )
