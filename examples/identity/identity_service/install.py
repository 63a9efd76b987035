"""Writes keys, users and rules where the service finds them, and ends. A running service takes them at once."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field, Json, SecretStr

from identity_service.directory import Directory, Key, Rule, User
from identity_service.logs import configure_logging
from identity_service.passwords import hash_password
from identity_service.settings import ServiceSettings, load_or_exit

log = structlog.stdlib.get_logger(__name__)


class InstallSettings(ServiceSettings):
    """What is installed. Field `identity_keys` is variable `IDENTITY_KEYS`, and so on."""

    model_config = ConfigDict(hide_input_in_errors=True)

    identity_keys: Json[tuple[Key, ...]]
    identity_users: Json[tuple[User, ...]] = ()
    identity_access: Json[tuple[Rule, ...]] = ()
    # Makes the user `admin`, for a deployment that lists no users.
    identity_admin_password: Annotated[SecretStr, Field(min_length=12)] | None = None


class Installed(BaseModel):
    """The file's form, in which secrets are written out."""

    keys: list[dict[str, str]]
    users: list[dict[str, object]]
    access: list[dict[str, object]]


def directory_of(settings: InstallSettings) -> Directory:
    users = settings.identity_users
    if settings.identity_admin_password is not None:
        users = (*users, administrator(settings.identity_admin_password.get_secret_value()))
    return Directory(keys=settings.identity_keys, users=users, access=settings.identity_access)


def administrator(password: str) -> User:
    return User(
        user_id="admin",
        email="admin@storytelling.internal",
        password_hash=hash_password(password),
        roles=("admin",),
        permissions=("*",),
    )


def install(directory: Directory, path: Path) -> None:
    """The service sees the old file or the new one, never a half of it."""
    content = Installed(
        keys=[{"kid": key.kid, "secret": key.secret.get_secret_value()} for key in directory.keys],
        users=[user.model_dump(mode="json") for user in directory.users],
        access=[rule.model_dump(mode="json") for rule in directory.access],
    ).model_dump_json()
    # Only its owner may read it.
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    Path(draft).replace(path)


def main() -> None:
    settings = load_or_exit(InstallSettings)
    configure_logging(settings.log_level)
    directory = directory_of(settings)
    install(directory, settings.identity_file)
    log.info("directory_installed", keys=[key.kid for key in directory.keys], users=len(directory.users))


if __name__ == "__main__":
    main()
