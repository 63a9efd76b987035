"""Everything the service knows about its surroundings: the environment that the platform injects."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from identity_service.errors import EnvironmentInvalid


class ServiceSettings(BaseModel):
    """Field `service_port` is variable `SERVICE_PORT`, and so on."""

    model_config = ConfigDict(alias_generator=str.upper, extra="ignore", frozen=True)

    service_name: str = "identity-service"
    service_version: str = "unknown"
    service_port: int = 8001
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    token_lifetime_seconds: PositiveInt = 3600
    # Where `identity_service.install` writes keys, users and rules.
    identity_file: Path = Path("/var/lib/identity/identity.json")


def parse[S: BaseModel](schema: type[S], environment: Mapping[str, str]) -> S:
    """Read the environment once. An empty variable counts as missing."""
    try:
        return schema.model_validate({name: value for name, value in environment.items() if value != ""})
    except ValidationError as error:
        raise EnvironmentInvalid(_explain(error)) from None


def load_or_exit[S: BaseModel](schema: type[S]) -> S:
    try:
        return parse(schema, os.environ)
    except EnvironmentInvalid as error:
        sys.exit(str(error))


def _explain(error: ValidationError) -> str:
    """Names without values: some of them are secrets."""
    problems = [
        f"{'.'.join(str(part) for part in problem['loc'])} ({problem['msg']})"
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return f"cannot start, these environment variables are wrong: {'; '.join(problems)}; README.md has them all"
