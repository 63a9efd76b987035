"""Everything the stage knows about its surroundings: the environment that the platform injects."""

import os
import sys
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from reference_stage.errors import EnvironmentInvalid


class ServiceSettings(BaseModel):
    """What every container of a stage needs. Field `stage_number` is variable `STAGE_NUMBER`, and so on."""

    model_config = ConfigDict(alias_generator=str.upper, extra="ignore", frozen=True)

    stage_number: int
    stage_name: str
    service: str
    service_name: str
    service_version: str = "unknown"
    service_port: int = 8000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    otel_exporter_otlp_endpoint: str | None = None


class StageSettings(ServiceSettings):
    """What the API and the worker need on top: the stores, and the internal services of the stage."""

    redis_cache_url: str
    celery_broker_url: str
    celery_result_backend: str
    postgres_host: str
    postgres_port: int
    postgres_db: str
    postgres_user: str
    postgres_password: SecretStr
    ner_service_url: str | None = None


def parse[S: ServiceSettings](schema: type[S], environment: Mapping[str, str]) -> S:
    """Read the environment once. An empty variable counts as missing: an empty password helps nobody."""
    try:
        return schema.model_validate({name: value for name, value in environment.items() if value != ""})
    except ValidationError as error:
        raise EnvironmentInvalid(_explain(error)) from None


def load_or_exit[S: ServiceSettings](schema: type[S]) -> S:
    try:
        return parse(schema, os.environ)
    except EnvironmentInvalid as error:
        sys.exit(str(error))


def _explain(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    missing = sorted(str(problem["loc"][0]) for problem in problems if problem["type"] == "missing")
    wrong = [
        f"{problem['loc'][0]}={problem['input']!r} ({problem['msg']})"
        for problem in problems
        if problem["type"] != "missing"
    ]
    parts = [f"missing environment variables: {', '.join(missing)}"] if missing else []
    parts += [f"invalid environment variables: {', '.join(wrong)}"] if wrong else []
    return f"cannot start: {'; '.join(parts)}; the platform injects them, see the stage's README.md"
