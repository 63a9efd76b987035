import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.typing import EventDict

from reference_stage.api import create_api
from reference_stage.health import Health
from reference_stage.http_service import create_http_service
from reference_stage.internal import create_internal
from reference_stage.settings import StageSettings


def send(app: FastAPI, method: str, path: str, **request: Any) -> httpx.Response:
    async def over_asgi() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stage") as client:
            return await client.request(method, path, **request)

    return asyncio.run(over_asgi())


@pytest.fixture
def without_stores(settings: StageSettings) -> FastAPI:
    return create_api(settings)


def test_health_is_200_with_the_documented_body_when_every_check_passes(settings: StageSettings) -> None:
    async def passes() -> None: ...

    response = send(create_http_service(settings, Health("stage1-cleaning", {"redis": passes})), "GET", "/health")
    assert response.status_code == 200
    assert response.json() | {"timestamp": ""} == {
        "status": "healthy",
        "service": "stage1-cleaning",
        "timestamp": "",
        "checks": {"redis": "ok"},
    }


def test_health_is_503_and_says_what_failed_when_stores_are_away(without_stores: FastAPI) -> None:
    response = send(without_stores, "GET", "/health")
    assert response.status_code == 503
    body = response.json()
    assert body["status"] == "unhealthy"
    assert set(body["checks"]) == {"redis", "broker", "postgres"}
    assert all(state.startswith("failed: ") for state in body["checks"].values())


def test_a_document_is_refused_with_503_when_it_cannot_be_kept(without_stores: FastAPI) -> None:
    response = send(without_stores, "POST", "/process", json={"text": "a"})
    assert response.status_code == 503
    assert response.json()["detail"].startswith("postgres is unavailable: ")
    assert response.headers["retry-after"] == "5"


def test_a_valid_request_id_is_echoed_and_logged(without_stores: FastAPI, logged: list[EventDict]) -> None:
    response = send(without_stores, "GET", "/health", headers={"X-Request-Id": "from-the.gateway:1"})
    assert response.headers["x-request-id"] == "from-the.gateway:1"
    line = next(event for event in logged if event["event"] == "request_completed")
    assert (line["request_id"], line["path"], line["status"]) == ("from-the.gateway:1", "/health", 503)


@pytest.mark.parametrize("forged", ["a b", 'x"}', "x" * 129, ""])
def test_a_request_id_that_could_forge_a_log_line_is_replaced(without_stores: FastAPI, forged: str) -> None:
    given = send(without_stores, "GET", "/health", headers={"X-Request-Id": forged}).headers["x-request-id"]
    assert len(given) == 32
    assert given != forged


def test_an_unexpected_error_is_a_500_with_the_request_id_and_a_logged_traceback(
    settings: StageSettings, logged: list[EventDict]
) -> None:
    app: FastAPI = create_http_service(settings, Health("x", {}))

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a bug")

    response = send(app, "GET", "/broken", headers={"X-Request-Id": "r1"})
    assert (response.status_code, response.headers["x-request-id"]) == (500, "r1")
    assert [event["event"] for event in logged] == ["request_failed", "request_completed"]


def test_metrics_are_served_in_the_text_format(without_stores: FastAPI) -> None:
    response = send(without_stores, "GET", "/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert "# TYPE documents_processed_total counter" in response.text
    assert "# TYPE processing_duration_seconds histogram" in response.text


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("entities", [{"text": "Ada", "count": 1}]),
        ("dependencies", [{"subject": "It", "verb": "was", "object": "Ada in 1833"}]),
        ("events", [{"when": "1833", "who": ["Ada"], "sentence": "It was Ada in 1833."}]),
    ],
)
def test_an_internal_service_finds_what_it_is_for(settings: StageSettings, what: str, found: list[Any]) -> None:
    response = send(create_internal(settings, what), "POST", f"/{what}", json={"text": "It was Ada in 1833."})
    assert response.json() == {what: found}


def test_a_job_with_a_document_twice_is_refused(without_stores: FastAPI) -> None:
    documents = [{"document_id": "d1", "text": "a"}, {"document_id": "d1", "text": "b"}]
    response = send(without_stores, "POST", "/jobs", json={"batch_id": "b1", "documents": documents})
    assert response.status_code == 422
    assert "two documents have the same document_id" in response.text
