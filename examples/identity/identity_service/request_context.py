"""Ties everything that happens for one request together: request id, trace id, access line."""

import logging
import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROBE_PATHS = frozenset({"/health", "/metrics"})
REQUEST_ID_HEADER = "X-Request-Id"
# What we write into logs and headers must not be able to forge any of them.
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?P<trace_id>[0-9a-f]{32})-[0-9a-f]{16}-01")

log = structlog.stdlib.get_logger(__name__)


class RequestContext:
    """ASGI middleware; the gateway makes the request id, a request without one gets a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID_HEADER, "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        trace = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
        started = time.perf_counter()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = request_id
            await send(message)

        ids = {"request_id": request_id} | ({"trace_id": trace["trace_id"]} if trace else {})
        with structlog.contextvars.bound_contextvars(**ids):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                log.exception("request_failed")
                if status is None:
                    response = JSONResponse({"detail": "internal error"}, status_code=500)
                    await response(scope, receive, send_with_id)
            failed = (status or 500) >= 500
            log.log(
                logging.WARNING if failed else logging.DEBUG if scope["path"] in PROBE_PATHS else logging.INFO,
                "request_completed",
                method=scope["method"],
                # Without the query, in which a client may have put a token.
                path=scope["path"],
                status=status,
                processing_time_ms=round((time.perf_counter() - started) * 1000, 1),
            )
