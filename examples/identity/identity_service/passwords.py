"""Password hashes. `python -m identity_service.passwords` reads a password and prints its hash."""

import sys
from getpass import getpass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MB and two passes, the smaller of OWASP's proposals: several logins at a time fit a small container.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked for users that do not exist, so that the time of an answer does not tell who does.
_NOBODY = _HASHER.hash("nobody")


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def is_right_password(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def main() -> None:
    password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < 12:
        sys.exit("a password has at least 12 characters")
    print(hash_password(password))


if __name__ == "__main__":
    main()
