"""Role of an internal service: no route at the gateway, no store, one endpoint. Its argument says which one.

`python -m reference_stage.internal entities` is the `ner-service` of stage 2.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from pydantic import BaseModel

from reference_stage.health import Health
from reference_stage.http_service import create_http_service, create_server
from reference_stage.logs import configure_logging
from reference_stage.processing.dependencies import find_dependencies
from reference_stage.processing.entities import find_entities
from reference_stage.processing.story_events import find_events
from reference_stage.settings import ServiceSettings, load_or_exit
from reference_stage.telemetry import configure_telemetry

FINDERS: Mapping[str, Callable[[str], Sequence[Mapping[str, Any]]]] = {
    "entities": find_entities,
    "dependencies": find_dependencies,
    "events": find_events,
}

log = structlog.stdlib.get_logger(__name__)


class Passage(BaseModel):
    text: str


def create_internal(settings: ServiceSettings, what: str) -> FastAPI:
    app = create_http_service(settings, Health(settings.service_name, checks={}))
    find = FINDERS[what]

    # Not `async`: the work is all CPU, and /health must answer meanwhile.
    @app.post(f"/{what}")
    def answer(passage: Passage) -> dict[str, Any]:
        return {what: find(passage.text)}

    return app


def main() -> None:
    settings = load_or_exit(ServiceSettings)
    what = sys.argv[1] if len(sys.argv) > 1 else "entities"
    if what not in FINDERS:
        sys.exit(f"cannot start: this service cannot find {what!r}; it can find {', '.join(FINDERS)}")
    configure_logging(settings)
    tracing = configure_telemetry(settings)
    log.info("service_started", version=settings.service_version, port=settings.service_port)
    try:
        create_server(create_internal(settings, what), settings).run()
    finally:
        tracing.shutdown()


if __name__ == "__main__":
    main()
