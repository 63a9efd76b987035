"""What every container of the stage has in common over HTTP: health, metrics, request context, traces."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from reference_stage.errors import DependencyUnavailable
from reference_stage.health import Health
from reference_stage.metrics import metrics_response
from reference_stage.request_context import RequestContext
from reference_stage.settings import ServiceSettings
from reference_stage.telemetry import trace_requests

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_http_service(settings: ServiceSettings, health: Health, lifespan: Lifespan | None = None) -> FastAPI:
    app = FastAPI(title=settings.service_name, version=settings.service_version, lifespan=lifespan)
    app.add_api_route("/health", health.respond, methods=["GET"])
    app.add_route("/metrics", metrics_response, include_in_schema=False)
    app.add_exception_handler(DependencyUnavailable, _answer_unavailable)
    app.add_middleware(RequestContext)
    trace_requests(app)
    return app


def create_server(app: FastAPI, settings: ServiceSettings) -> uvicorn.Server:
    # log_config=None: uvicorn's lines go through our handler; its access log is replaced by RequestContext.
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host="0.0.0.0",
            port=settings.service_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=10,
        )
    )


async def _answer_unavailable(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=503, headers={"Retry-After": "5"})
