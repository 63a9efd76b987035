"""Everything the stage knows about its surroundings: the environment that the platform injects."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PositiveFloat, PositiveInt, SecretStr, ValidationError

from reference_stage.errors import EnvironmentInvalid


def split_names(value: Any) -> Any:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


# A list in a variable: names with commas between.
Names = Annotated[tuple[str, ...], BeforeValidator(split_names)]


@dataclass(frozen=True)
class PostgresAddress:
    host: str
    port: int
    database: str
    user: str
    password: SecretStr


@dataclass(frozen=True)
class EventStreamTarget:
    stream: str
    url: str
    max_length: int | None


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


class DatabaseSettings(ServiceSettings):
    """What a job that only needs the database needs on top."""

    postgres_host: str
    postgres_port: int
    postgres_db: str
    postgres_user: str
    postgres_password: SecretStr

    @property
    def postgres(self) -> PostgresAddress:
        return PostgresAddress(
            self.postgres_host, self.postgres_port, self.postgres_db, self.postgres_user, self.postgres_password
        )


class BrokerSettings(ServiceSettings):
    """What everything that sends or takes tasks needs on top."""

    celery_broker_url: str
    # The first queue is the one that tasks are sent to; a worker reads all of them.
    celery_queues: Names = ("celery",)


class StageSettings(DatabaseSettings, BrokerSettings):
    """What the API and the worker need on top: the stores, and the internal services of the stage."""

    redis_cache_url: str
    celery_result_backend: str
    celery_concurrency: PositiveInt = 4
    lost_task_seconds: PositiveFloat = 600
    ner_service_url: str | None = None
    dp_service_url: str | None = None
    event_llm_service_url: str | None = None
    event_publish_stream: str | None = None
    event_publish_url: str | None = None
    event_publish_types: Names = ()
    # The stream keeps everything unless given; the platform trims by age then.
    event_publish_max_length: PositiveInt | None = None

    @property
    def publishes_to(self) -> EventStreamTarget | None:
        if self.event_publish_stream is None or self.event_publish_url is None:
            return None
        return EventStreamTarget(self.event_publish_stream, self.event_publish_url, self.event_publish_max_length)


def parse[S: ServiceSettings](schema: type[S], environment: Mapping[str, Any]) -> S:
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
