"""The way from the worker to the stage's internal NER service."""

from typing import Any

import httpx

from reference_stage.errors import DependencyUnavailable
from reference_stage.request_context import REQUEST_ID_HEADER, current_request_id

TIMEOUT_SECONDS = 5


class NerClient:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS)

    def find_entities(self, text: str) -> list[dict[str, Any]]:
        request_id = current_request_id()
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}
        try:
            response = self._client.post("/entities", json={"text": text}, headers=headers)
        except httpx.TransportError as error:
            raise DependencyUnavailable("ner-service", error) from error
        response.raise_for_status()
        entities: list[dict[str, Any]] = response.json()["entities"]
        return entities
