import subprocess
import sys

import pytest

from reference_stage.errors import EnvironmentInvalid
from reference_stage.settings import ServiceSettings, StageSettings, parse
from reference_stage.worker import worker_arguments


def test_defaults_apply_to_what_the_platform_may_leave_out(settings: StageSettings) -> None:
    assert (settings.service_port, settings.log_level, settings.ner_service_url) == (8000, "INFO", None)


def test_one_line_names_every_missing_variable_and_counts_an_empty_one_as_missing(environment: dict[str, str]) -> None:
    del environment["CELERY_BROKER_URL"]
    environment["POSTGRES_PASSWORD"] = ""
    with pytest.raises(EnvironmentInvalid) as raised:
        parse(StageSettings, environment)
    assert "missing environment variables: CELERY_BROKER_URL, POSTGRES_PASSWORD;" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_value_is_shown_with_what_is_allowed(environment: dict[str, str]) -> None:
    with pytest.raises(EnvironmentInvalid, match=r"LOG_LEVEL='loud' \(Input should be 'DEBUG', 'INFO'"):
        parse(ServiceSettings, {**environment, "LOG_LEVEL": "loud"})


def test_the_password_is_not_in_the_text_form_of_the_settings(settings: StageSettings) -> None:
    assert "not-for-logs" not in repr(settings)


def test_lists_in_variables_are_names_with_commas_between(environment: dict[str, str]) -> None:
    settings = parse(StageSettings, {**environment, "CELERY_QUEUES": "first, second", "CELERY_CONCURRENCY": "8"})
    assert settings.celery_queues == ("first", "second")
    assert "--queues=first,second" in worker_arguments(settings)
    assert "--concurrency=8" in worker_arguments(settings)


@pytest.mark.parametrize("role", ["api", "worker", "internal", "event_consumer", "migrate", "scheduler"])
def test_each_role_exits_at_once_without_its_environment(role: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", f"reference_stage.{role}"],
        env={},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("cannot start: missing environment variables: ")
    assert ended.stderr.count("\n") == 1
