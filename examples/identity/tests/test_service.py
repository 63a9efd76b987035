import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from identity_service.directory import Directory
from identity_service.errors import EnvironmentInvalid
from identity_service.install import InstallSettings, directory_of, install
from identity_service.login import FAILURES
from identity_service.passwords import hash_password, is_right_password
from identity_service.settings import ServiceSettings, parse
from tests.conftest import NEW, OLD, PASSWORD, USERS, Send, bearer, log_in


def refused(send: Send, email: str, password: str, client: str = "10.0.0.1") -> tuple[int, str]:
    body = {"email": email, "password": password}
    response = send("POST", "/auth/login", json=body, headers={"X-Forwarded-For": f"6.6.6.6, {client}"})
    return response.status_code, response.json()["detail"]


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_user_are_told_alike(send: Send, email: str) -> None:
    assert refused(send, email, "wrong") == (401, "Wrong e-mail or password")


def test_the_email_may_be_written_in_capitals(send: Send) -> None:
    assert log_in(send, "ADA@Example.org")


def test_a_disabled_user_cannot_log_in(send: Send) -> None:
    assert refused(send, "eve@example.org", PASSWORD) == (403, "Forbidden: the user is disabled")
    assert refused(send, "eve@example.org", "wrong")[0] == 401


def test_a_guesser_is_slowed_down_and_nobody_else(send: Send) -> None:
    for _ in range(FAILURES):
        assert refused(send, "ada@example.org", "wrong")[0] == 401
    assert refused(send, "ada@example.org", PASSWORD) == (429, "Too many failed logins")
    assert refused(send, "ada@example.org", "wrong", client="10.0.0.2")[0] == 401
    assert log_in(send)


def test_an_answer_to_a_body_that_makes_no_sense_does_not_quote_it(send: Send) -> None:
    response = send("POST", "/auth/login", json={"mail": "ada@example.org", "password": "my-secret-password"})
    assert response.status_code == 422
    assert "my-secret-password" not in response.text
    assert "Field required" in response.text


def test_a_profile_is_for_its_user_and_for_administrators(send: Send) -> None:
    ada, root = log_in(send), log_in(send, "root@example.org")
    statuses = [
        send("GET", f"/users/{user}/profile", headers=bearer(token)).status_code
        for user, token in [("u-1", ada), ("u-3", ada), ("u-1", root), ("u-9", root)]
    ]
    assert statuses == [200, 403, 200, 403]
    assert send("GET", "/users/u-1/profile").status_code == 401
    assert send("GET", "/users/u-1/profile", headers=bearer(root)).json()["email"] == "ada@example.org"


def test_health_is_200_with_the_documented_body(send: Send) -> None:
    response = send("GET", "/health")
    assert response.status_code == 200
    assert response.json() | {"timestamp": ""} == {
        "status": "healthy",
        "service": "identity-service",
        "timestamp": "",
        "checks": {"directory": "ok"},
    }


def test_without_keys_everything_is_503_until_they_are_installed(bare: Send, put: Callable[..., Directory]) -> None:
    answers = [
        bare("GET", "/health"),
        bare("GET", "/auth/validate", headers=bearer("any")),
        bare("POST", "/auth/login", json={"email": "ada@example.org", "password": PASSWORD}),
    ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert answers[1].json() == {"detail": "Identity service unavailable: keys and users are not installed"}
    put()
    assert bare("GET", "/health").status_code == 200


def test_a_broken_file_is_not_taken(send: Send, settings: ServiceSettings) -> None:
    token = log_in(send)
    settings.identity_file.write_text('{"keys": []}')
    assert send("GET", "/auth/validate", headers=bearer(token)).status_code == 200


def test_the_login_and_validation_metrics_count(send: Send) -> None:
    log_in(send)
    send("GET", "/auth/validate")
    text = send("GET", "/metrics").text
    assert 'identity_logins_total{result="success"}' in text
    assert 'identity_validations_total{result="invalid"}' in text


def test_the_installed_file_is_for_its_owner_only_and_says_what_the_environment_says(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    settings = parse(
        InstallSettings,
        {
            "IDENTITY_KEYS": json.dumps([NEW, OLD]),
            "IDENTITY_USERS": json.dumps(USERS),
            "IDENTITY_ACCESS": json.dumps([{"path": "/api", "roles": ["admin"]}]),
        },
    )
    install(directory_of(settings), path)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert Directory.model_validate_json(path.read_bytes()) == directory_of(settings)
    assert os.listdir(tmp_path) == ["identity.json"]


def test_an_administrator_is_made_from_a_password_alone() -> None:
    password = "generated-password"
    environment = {"IDENTITY_KEYS": json.dumps([OLD]), "IDENTITY_ADMIN_PASSWORD": password}
    (admin,) = directory_of(parse(InstallSettings, environment)).users
    assert (admin.user_id, admin.roles) == ("admin", ("admin",))
    assert is_right_password(admin.password_hash, password)
    assert not is_right_password(admin.password_hash, "another-password")


@pytest.mark.parametrize(
    "environment",
    [
        {"IDENTITY_KEYS": "[]"},
        {"IDENTITY_KEYS": json.dumps([{"kid": "a", "secret": "my-short-secret"}])},
        {"IDENTITY_KEYS": json.dumps([OLD, OLD])},
        {"IDENTITY_KEYS": json.dumps([OLD]), "IDENTITY_USERS": json.dumps([{"password_hash": "my-short-secret"}])},
        {"IDENTITY_KEYS": "my-short-secret"},
    ],
)
def test_a_wrong_environment_is_told_without_its_values(environment: dict[str, str]) -> None:
    with pytest.raises((EnvironmentInvalid, ValueError)) as caught:
        directory_of(parse(InstallSettings, environment))
    assert "my-short-secret" not in str(caught.value)


def test_a_hash_is_another_one_each_time() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)
