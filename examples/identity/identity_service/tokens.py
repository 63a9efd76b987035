"""JSON Web Tokens: signed by the first key, checked by the one that their header names."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt

from identity_service.directory import Directory, User
from identity_service.errors import InvalidToken

ALGORITHM = "HS256"
ISSUER = "identity-service"
_REQUIRED = ["exp", "iat", "iss", "sub"]


def issue(directory: Directory, user: User, lifetime: timedelta) -> str:
    """For services that check a token themselves, it says who the user is, too."""
    key = directory.keys[0]
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "sub": user.user_id,
        "iat": now,
        "exp": now + lifetime,
        "jti": uuid4().hex,
        "email": user.email,
        "roles": list(user.roles),
        "permissions": list(user.permissions),
    }
    return jwt.encode(claims, key.secret.get_secret_value(), ALGORITHM, headers={"kid": key.kid})


def verified_user_id(directory: Directory, token: str) -> str:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = directory.key(kid) if isinstance(kid, str) else None
        if key is None:
            raise InvalidToken("unknown key")
        claims = jwt.decode(
            token,
            key.secret.get_secret_value(),
            # Never the one that the token names.
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"require": _REQUIRED},
        )
    except jwt.ExpiredSignatureError:
        raise InvalidToken("expired") from None
    except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
        raise InvalidToken("not signed by us") from None
    except jwt.InvalidTokenError:
        raise InvalidToken("malformed") from None
    return str(claims["sub"])
