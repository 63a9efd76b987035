from collections.abc import Iterator

import pytest
import structlog

from reference_stage.settings import StageSettings, parse

# Port 1 has no listener: every store is out of reach, at once and without a network.
ENVIRONMENT = {
    "STAGE_NUMBER": "1",
    "STAGE_NAME": "cleaning",
    "SERVICE": "orchestrator",
    "SERVICE_NAME": "stage1-cleaning",
    "REDIS_CACHE_URL": "redis://127.0.0.1:1/1",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "CELERY_RESULT_BACKEND": "redis://127.0.0.1:1/1",
    "POSTGRES_HOST": "127.0.0.1",
    "POSTGRES_PORT": "1",
    "POSTGRES_DB": "stage1_cleaning",
    "POSTGRES_USER": "stage1_user",
    "POSTGRES_PASSWORD": "not-for-logs",
}


@pytest.fixture
def environment() -> dict[str, str]:
    return dict(ENVIRONMENT)


@pytest.fixture
def settings(environment: dict[str, str]) -> StageSettings:
    return parse(StageSettings, environment)


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as events:
        yield events
