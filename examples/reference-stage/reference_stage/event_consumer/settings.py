"""Settings of the consumer: the block `event_consumer` of the settings file, and the environment over it (C-38)."""

import os
import re
import socket
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, SecretStr, model_validator

from reference_stage.errors import EnvironmentInvalid
from reference_stage.settings import Names, PostgresAddress, ServiceSettings, parse

SETTINGS_FILE = Path("/app/config/settings.yaml")
SECONDS_PER_HOUR = 3600


class ConsumerSettings(ServiceSettings):
    orchestrator_url: str
    enabled: bool = Field(default=False, alias="EVENT_CONSUMER_ENABLED")
    auto_process: bool = True
    redis_url: str = Field(alias="EVENT_REDIS_URL")
    stream: str = Field(alias="EVENT_STREAM")
    group: str = Field(alias="EVENT_GROUP")
    consumer: str = Field(default_factory=socket.gethostname, alias="EVENT_CONSUMER_NAME")
    dead_letter_stream: str = Field(alias="EVENT_DEAD_LETTER_STREAM")
    types: Names = Field(alias="EVENT_TYPES")
    batch_mode: bool = Field(default=True, alias="EVENT_BATCH_MODE")
    poll_interval_ms: PositiveInt = Field(default=1000, alias="EVENT_POLL_INTERVAL_MS")
    batch_size: PositiveInt = Field(default=10, alias="EVENT_BATCH_SIZE")
    concurrent_tasks: PositiveInt = Field(default=4, alias="EVENT_CONCURRENT_TASKS")
    max_retries: NonNegativeInt = Field(default=3, alias="EVENT_MAX_RETRIES")
    retry_delay_seconds: NonNegativeFloat = Field(default=5, alias="EVENT_RETRY_DELAY_SECONDS")
    # 0 turns it off.
    deduplication_seconds: NonNegativeFloat = Field(default=24 * SECONDS_PER_HOUR, alias="EVENT_DEDUPLICATION_SECONDS")
    process_backlog: bool = Field(default=False, alias="EVENT_PROCESS_BACKLOG")
    backlog_batch_size: PositiveInt = Field(default=100, alias="EVENT_BACKLOG_BATCH_SIZE")
    backlog_max_age_seconds: PositiveFloat = Field(default=24 * SECONDS_PER_HOUR, alias="EVENT_BACKLOG_MAX_AGE_SECONDS")
    # Where the texts are that events only name: the producer's database, when this stage may read it (C-14).
    source_postgres_host: str | None = None
    source_postgres_port: int = 5432
    source_postgres_db: str = ""
    source_postgres_user: str = ""
    source_postgres_password: SecretStr = SecretStr("")

    @model_validator(mode="before")
    @classmethod
    def _redis_url_from_its_parts(cls, values: dict[str, Any]) -> dict[str, Any]:
        if "EVENT_REDIS_URL" in values or "EVENT_REDIS_HOST" not in values:
            return values
        port, database = values.get("EVENT_REDIS_PORT", 6379), values.get("EVENT_REDIS_DB", 0)
        return {**values, "EVENT_REDIS_URL": f"redis://{values['EVENT_REDIS_HOST']}:{port}/{database}"}

    @property
    def source_database(self) -> PostgresAddress | None:
        if self.source_postgres_host is None:
            return None
        return PostgresAddress(
            self.source_postgres_host,
            self.source_postgres_port,
            self.source_postgres_db,
            self.source_postgres_user,
            self.source_postgres_password,
        )

    @property
    def processed_key_prefix(self) -> str:
        return f"stage{self.stage_number}:{self.stage_name}:processed:"


def load_settings(environment: Mapping[str, str] = os.environ, file: Path = SETTINGS_FILE) -> ConsumerSettings:
    given = {name: value for name, value in environment.items() if value != ""}
    from_file = read_settings_file(file.read_text(), given) if file.exists() else {}
    # The parts in the environment beat an address that the file gives.
    merged = {**from_file, **given}
    return parse(ConsumerSettings, {**merged, **_source_database(merged)})


def read_settings_file(text: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The file's keys as the variables that they stand for. `${NAME}` in the file is a variable of the environment."""
    try:
        block = yaml.safe_load(string.Template(text).safe_substitute(environment)).get("event_consumer", {})
    except (yaml.YAMLError, AttributeError) as error:
        raise EnvironmentInvalid(
            f"cannot start: the settings file is not YAML with a block event_consumer: {error}"
        ) from None
    values = {variable: block[key] for key, variable in VARIABLES.items() if key in block}
    values |= {variable: float(block[key]) * SECONDS_PER_HOUR for key, variable in HOURS.items() if key in block}
    if block.get("retry_failed") is False:
        values["EVENT_MAX_RETRIES"] = 0
    if block.get("check_already_processed") is False:
        values["EVENT_DEDUPLICATION_SECONDS"] = 0
    return values


VARIABLES = {
    "enabled": "EVENT_CONSUMER_ENABLED",
    "source_stream": "EVENT_STREAM",
    "redis_host": "EVENT_REDIS_HOST",
    "redis_port": "EVENT_REDIS_PORT",
    "redis_db": "EVENT_REDIS_DB",
    "consumer_group": "EVENT_GROUP",
    "consumer_name": "EVENT_CONSUMER_NAME",
    "consume_events": "EVENT_TYPES",
    "auto_process": "AUTO_PROCESS",
    "batch_mode": "EVENT_BATCH_MODE",
    "poll_interval_ms": "EVENT_POLL_INTERVAL_MS",
    "batch_size": "EVENT_BATCH_SIZE",
    "concurrent_tasks": "EVENT_CONCURRENT_TASKS",
    "max_retries": "EVENT_MAX_RETRIES",
    "retry_delay_seconds": "EVENT_RETRY_DELAY_SECONDS",
    "dead_letter_stream": "EVENT_DEAD_LETTER_STREAM",
    "process_backlog": "EVENT_PROCESS_BACKLOG",
    "backlog_batch_size": "EVENT_BACKLOG_BATCH_SIZE",
}
HOURS = {
    "deduplication_ttl_hours": "EVENT_DEDUPLICATION_SECONDS",
    "backlog_max_age_hours": "EVENT_BACKLOG_MAX_AGE_SECONDS",
}


def _source_database(values: Mapping[str, Any]) -> dict[str, Any]:
    """`STAGE{M}_POSTGRES_*` of the stage M whose stream this is (`002-045`)."""
    producer = next(
        (
            match.group(1)
            for name, value in values.items()
            if (match := re.fullmatch(r"(STAGE\d)_EVENT_STREAM", name)) and value == values.get("EVENT_STREAM")
        ),
        None,
    )
    if producer is None:
        return {}
    prefix = f"{producer}_POSTGRES_"
    return {
        f"SOURCE_POSTGRES_{name[len(prefix) :]}": value for name, value in values.items() if name.startswith(prefix)
    }
