"""The way from the worker to one of the stage's internal services."""

from typing import Any

import httpx

from reference_stage.errors import DependencyUnavailable
from reference_stage.request_context import REQUEST_ID_HEADER, current_request_id

TIMEOUT_SECONDS = 5


class InternalService:
    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS)

    def ask(self, question: str, text: str) -> list[dict[str, Any]]:
        """`POST /{question}` with a text, answered by a list under the same word."""
        request_id = current_request_id()
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}
        try:
            response = self._client.post(f"/{question}", json={"text": text}, headers=headers)
        except httpx.TransportError as error:
            raise DependencyUnavailable(self._name, error) from error
        response.raise_for_status()
        findings: list[dict[str, Any]] = response.json()[question]
        return findings
