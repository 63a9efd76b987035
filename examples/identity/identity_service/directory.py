"""Who there is: signing keys, users and the rules of who may go where. One file, read again when it changes."""

from pathlib import Path
from typing import Annotated, Self

import structlog
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from identity_service.errors import DirectoryUnavailable

# These go into headers that services trust, so they can hold nothing that means something there.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:*@-]{1,64}$")]
Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$")]

log = structlog.stdlib.get_logger(__name__)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Key(_Record):
    kid: Name
    # HS256 wants a key as long as its hash.
    secret: Annotated[SecretStr, Field(min_length=32)]


class User(_Record):
    user_id: Name
    email: Email
    # `python -m identity_service.passwords` makes one.
    password_hash: Annotated[str, Field(pattern=r"^\$argon2id\$")]
    roles: tuple[Name, ...] = ()
    permissions: tuple[Name, ...] = ()
    active: bool = True


class Rule(_Record):
    """A path, with everything below it, that needs one of these roles."""

    path: Annotated[str, Field(pattern=r"^/")]
    # Every method unless given.
    methods: frozenset[str] | None = None
    roles: Annotated[frozenset[Name], Field(min_length=1)]


class Directory(_Record):
    # The first one signs; the others are still good for tokens that they signed.
    keys: Annotated[tuple[Key, ...], Field(min_length=1)]
    users: tuple[User, ...] = ()
    access: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for names in (
            [key.kid for key in self.keys],
            [user.user_id for user in self.users],
            [user.email.lower() for user in self.users],
        ):
            if len(set(names)) < len(names):
                raise ValueError("two keys or users have the same name")
        return self

    def key(self, kid: str) -> Key | None:
        return next((key for key in self.keys if key.kid == kid), None)

    def user(self, user_id: str) -> User | None:
        return next((user for user in self.users if user.user_id == user_id), None)

    def user_by_email(self, email: str) -> User | None:
        return next((user for user in self.users if user.email.lower() == email.lower()), None)


class DirectoryFile:
    """The directory as it stands in the file right now. A new file counts at once; a broken one is not taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._directory: Directory | None = None

    def read(self) -> Directory:
        try:
            status = self._path.stat()
            seen = (status.st_ino, status.st_mtime_ns)
            if seen != self._seen:
                self._seen = seen
                self._directory = Directory.model_validate_json(self._path.read_bytes())
                log.info("directory_read", keys=[key.kid for key in self._directory.keys])
        except (OSError, ValidationError) as error:
            # Neither the path's content nor pydantic's words, which quote it.
            log.error("directory_unreadable", error=type(error).__name__)
        if self._directory is None:
            raise DirectoryUnavailable("keys and users are not installed")
        return self._directory
