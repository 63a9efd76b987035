"""Role of an internal service, here `ner-service`: no route at the gateway, no store, one endpoint."""

import structlog
from fastapi import FastAPI
from pydantic import BaseModel

from reference_stage.health import Health
from reference_stage.http_service import create_http_service, create_server
from reference_stage.logs import configure_logging
from reference_stage.processing.entities import find_entities
from reference_stage.settings import ServiceSettings, load_or_exit
from reference_stage.telemetry import configure_telemetry

log = structlog.stdlib.get_logger(__name__)


class Passage(BaseModel):
    text: str


def create_internal(settings: ServiceSettings) -> FastAPI:
    app = create_http_service(settings, Health(settings.service_name, checks={}))

    # Not `async`: the work is all CPU, and /health must answer meanwhile.
    @app.post("/entities")
    def entities(passage: Passage) -> dict[str, list[dict[str, str | int]]]:
        return {"entities": find_entities(passage.text)}

    return app


def main() -> None:
    settings = load_or_exit(ServiceSettings)
    configure_logging(settings)
    tracing = configure_telemetry(settings)
    log.info("service_started", version=settings.service_version, port=settings.service_port)
    try:
        create_server(create_internal(settings), settings).run()
    finally:
        tracing.shutdown()


if __name__ == "__main__":
    main()
