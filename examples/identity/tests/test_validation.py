from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from structlog.typing import EventDict

from identity_service.directory import Directory
from tests.conftest import NEW, OLD, USERS, Send, bearer, log_in

VALIDATE = "/auth/validate"
LATER = datetime.now(UTC) + timedelta(hours=1)
CLAIMS = {"iss": "identity-service", "sub": "u-1", "iat": datetime.now(UTC), "exp": LATER}


def forged(
    changes: dict[str, Any] | None = None,
    key: str = OLD["secret"],
    kid: str | None = OLD["kid"],
    algorithm: str = "HS256",
) -> str:
    claims = {name: value for name, value in (CLAIMS | (changes or {})).items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers=None if kid is None else {"kid": kid})


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_good_token_gives_user_id_email_roles_and_permissions(send: Send, method: str) -> None:
    response = send(method, VALIDATE, headers=bearer(log_in(send)))
    assert response.status_code == 200
    assert response.json() == {
        "user_id": "u-1",
        "email": "ada@example.org",
        "roles": ["editor", "reader"],
        "permissions": ["graph:write"],
    }


def test_a_gateway_finds_the_same_in_headers(send: Send) -> None:
    headers = send("GET", VALIDATE, headers=bearer(log_in(send))).headers
    assert {name: value for name, value in headers.items() if name.startswith("x-user-")} == {
        "x-user-id": "u-1",
        "x-user-email": "ada@example.org",
        "x-user-roles": "editor,reader",
        "x-user-permissions": "graph:write",
    }


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("not-a-token", "malformed"),
        (forged({"exp": datetime.now(UTC) - timedelta(seconds=1)}), "expired"),
        (forged(key="x" * 64), "not signed by us"),
        (forged(kid="2020-01"), "unknown key"),
        (forged(kid=None), "unknown key"),
        (forged({"iss": "somebody-else"}), "malformed"),
        (forged(algorithm="HS512"), "not signed by us"),
        (forged(algorithm="none", key=""), "not signed by us"),
        (forged({"exp": None}), "malformed"),
    ],
)
def test_any_other_token_is_401_with_the_reason(send: Send, token: str, reason: str) -> None:
    response = send("POST", VALIDATE, headers=bearer(token))
    assert response.status_code == 401
    assert response.json() == {"detail": "Invalid token", "reason": reason}
    assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


def test_no_token_is_401_with_a_plain_challenge(send: Send) -> None:
    response = send("GET", VALIDATE)
    assert (response.status_code, response.json()["reason"]) == (401, "missing")
    assert response.headers["www-authenticate"] == "Bearer"


def test_two_tokens_are_401_as_another_service_might_read_the_other_one(send: Send) -> None:
    token = log_in(send)
    both = [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer other")]
    assert send("GET", VALIDATE, headers=both).status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_another_scheme_is_401(send: Send, scheme: str) -> None:
    assert send("GET", VALIDATE, headers={"Authorization": f"{scheme} {log_in(send)}"}).status_code == 401


def test_a_user_who_was_disabled_after_the_login_is_403(send: Send, put: Callable[..., Directory]) -> None:
    token = log_in(send)
    put(users=[USERS[0] | {"active": False}])
    response = send("GET", VALIDATE, headers=bearer(token))
    assert (response.status_code, response.json()) == (403, {"detail": "Forbidden: the user is disabled"})
    put(users=[])
    assert send("GET", VALIDATE, headers=bearer(token)).status_code == 403


def test_old_tokens_stay_good_and_new_ones_have_the_new_key_after_a_rotation(
    send: Send, put: Callable[..., Directory]
) -> None:
    old = log_in(send)
    put(keys=[NEW, OLD])
    new = log_in(send)
    assert [jwt.get_unverified_header(token)["kid"] for token in (old, new)] == ["2026-10", "2026-11"]
    assert [send("GET", VALIDATE, headers=bearer(token)).status_code for token in (old, new)] == [200, 200]
    put(keys=[NEW])
    assert [send("GET", VALIDATE, headers=bearer(token)).status_code for token in (old, new)] == [401, 200]


@pytest.mark.parametrize(
    ("method", "uri", "status"),
    [
        ("GET", "/api/v1/graph/nodes", 200),
        ("POST", "/api/v1/graph/nodes", 403),
        ("POST", "/api/v1/graph", 403),
        ("POST", "/api/v1/graph?x=/", 403),
        ("POST", "/api/v1/gr%61ph/nodes", 403),
        ("POST", "/api/v1//graph/nodes", 403),
        ("POST", "//api/v1/graph/nodes", 403),
        ("POST", "/api/v1/nlp/../graph/nodes", 403),
        ("POST", "/api/v1/graph/../nlp", 403),
        ("POST", "/api/v1/graphics", 200),
        ("GET", "/api/v1/graph/secret", 403),
    ],
)
def test_every_rule_that_matches_has_to_be_met(
    send: Send, put: Callable[..., Directory], method: str, uri: str, status: int
) -> None:
    put(
        access=[
            {"path": "/api/v1/graph", "methods": ["POST"], "roles": ["owner"]},
            {"path": "/api/v1/graph/secret", "roles": ["owner"]},
            {"path": "/api/v1", "roles": ["editor", "owner"]},
        ]
    )
    asked = bearer(log_in(send)) | {"X-Forwarded-Method": method, "X-Forwarded-Uri": uri}
    assert send("GET", VALIDATE, headers=asked).status_code == status


def test_no_token_and_no_password_is_logged(send: Send, logged: list[EventDict]) -> None:
    token = log_in(send)
    send("POST", "/auth/login", json={"email": "my-secret-password", "password": "my-secret-password"})
    send("GET", f"{VALIDATE}?token={token}", headers=bearer(token))
    text = str(logged)
    assert len([event for event in logged if event["event"] == "request_completed"]) == 3
    assert token not in text
    assert "my-secret-password" not in text
