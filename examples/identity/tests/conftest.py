import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from structlog.typing import EventDict

from identity_service.api import create_api
from identity_service.directory import Directory
from identity_service.install import install
from identity_service.passwords import hash_password
from identity_service.settings import ServiceSettings

OLD = {"kid": "2026-10", "secret": "o" * 64}
NEW = {"kid": "2026-11", "secret": "n" * 64}
PASSWORD = "correct horse battery"

USERS: list[dict[str, Any]] = [
    {
        "user_id": "u-1",
        "email": "ada@example.org",
        "password_hash": hash_password(PASSWORD),
        "roles": ["editor", "reader"],
        "permissions": ["graph:write"],
    },
    {"user_id": "u-2", "email": "eve@example.org", "password_hash": hash_password(PASSWORD), "active": False},
    {"user_id": "u-3", "email": "root@example.org", "password_hash": hash_password(PASSWORD), "roles": ["admin"]},
]

Send = Callable[..., httpx.Response]


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings.model_validate({"IDENTITY_FILE": tmp_path / "identity.json"})


@pytest.fixture
def put(settings: ServiceSettings) -> Callable[..., Directory]:
    """Installs another directory, as a deployment does."""

    def put(**changes: Any) -> Directory:
        directory = Directory.model_validate({"keys": [OLD], "users": USERS} | changes)
        install(directory, settings.identity_file)
        return directory

    return put


@pytest.fixture
def bare(settings: ServiceSettings) -> Send:
    """The service before anything was installed."""
    app = create_api(settings)

    def send(method: str, path: str, **request: Any) -> httpx.Response:
        async def over_asgi() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://identity") as client:
                return await client.request(method, path, **request)

        return asyncio.run(over_asgi())

    return send


@pytest.fixture
def send(bare: Send, put: Callable[..., Directory]) -> Send:
    put()
    return bare


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as events:
        yield events


def log_in(send: Send, email: str = "ada@example.org") -> str:
    response = send("POST", "/auth/login", json={"email": email, "password": PASSWORD})
    assert response.status_code == 200, response.text
    return str(response.json()["access_token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
