"""What can be wrong, each with the answer that the caller gets."""

from typing import Literal

InvalidReason = Literal["missing", "malformed", "expired", "unknown key", "not signed by us"]


class EnvironmentInvalid(Exception):
    """The injected environment is incomplete or wrong; the process must not start."""


class DirectoryUnavailable(Exception):
    """Keys and users cannot be read: 503."""


class InvalidToken(Exception):
    """There is no token, or none of ours: 401."""

    def __init__(self, reason: InvalidReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Forbidden(Exception):
    """The token is good, and its owner may not do this: 403."""


class WrongCredentials(Exception):
    """No such user, or another password; which of both is nobody's business: 401."""


class TooManyAttempts(Exception):
    """Too many failed logins: 429."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds
