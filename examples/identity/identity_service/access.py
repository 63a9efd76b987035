"""May this user go there? Every rule that matches has to be met, so that no second rule opens what one closes."""

import posixpath
from urllib.parse import unquote, urlsplit

from identity_service.directory import Directory, User
from identity_service.errors import Forbidden


def check_access(directory: Directory, user: User, method: str, uri: str) -> None:
    """`uri` is what the client asked of the gateway."""
    paths = _readings(uri)
    for rule in directory.access:
        applies = rule.methods is None or method.upper() in rule.methods
        if applies and any(_is_below(path, rule.path) for path in paths) and rule.roles.isdisjoint(user.roles):
            raise Forbidden(f"needs one of the roles {', '.join(sorted(rule.roles))}")


def _readings(uri: str) -> tuple[str, str]:
    """The path as it stands there and without its dots and double slashes: services read both ways."""
    plain = unquote(urlsplit(f"//gateway/{uri.lstrip('/')}").path)
    return plain, "/" + posixpath.normpath(plain).lstrip("/")


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix.rstrip('/')}/")
