"""Who are you? Passwords are checked in threads, few at a time, and not endlessly often."""

import asyncio
import math
import time
from collections import OrderedDict

from identity_service.directory import Directory, User
from identity_service.errors import Forbidden, TooManyAttempts, WrongCredentials
from identity_service.passwords import is_right_password

# Each takes 19 MB and a CPU; a check of a token must not wait behind them.
PARALLEL_CHECKS = 2
FAILURES = 5
WINDOW_SECONDS = 60
REMEMBERED = 10_000


class FailedLogins:
    """Failures of the last minute, for each account and client: a guesser locks out itself and nobody else."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def assert_allowed(self, account: str, client: str) -> None:
        recent = self._recent((account, client))
        if len(recent) >= FAILURES:
            raise TooManyAttempts(math.ceil(recent[0] + WINDOW_SECONDS - time.monotonic()))

    def add(self, account: str, client: str) -> None:
        key = (account, client)
        self._failures[key] = [*self._recent(key), time.monotonic()]
        self._failures.move_to_end(key)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def _recent(self, key: tuple[str, str]) -> list[float]:
        since = time.monotonic() - WINDOW_SECONDS
        return [moment for moment in self._failures.get(key, []) if moment > since]


class Login:
    def __init__(self) -> None:
        self._failed = FailedLogins()
        self._places = asyncio.Semaphore(PARALLEL_CHECKS)

    async def authenticate(self, directory: Directory, email: str, password: str, client: str) -> User:
        account = email.lower()
        async with self._places:
            # In here, so that many requests at once are no way around it.
            self._failed.assert_allowed(account, client)
            user = directory.user_by_email(email)
            right = await asyncio.to_thread(is_right_password, user.password_hash if user else None, password)
            if user is None or not right:
                self._failed.add(account, client)
                raise WrongCredentials
        if not user.active:
            raise Forbidden("the user is disabled")
        return user
