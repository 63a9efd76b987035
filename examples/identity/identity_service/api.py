"""The endpoints: log in, have a token checked, look at one's own profile."""

from datetime import timedelta
from typing import Annotated

import structlog
import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from pydantic import BaseModel, Field, SecretStr

from identity_service.access import check_access
from identity_service.answers import add_error_answers
from identity_service.directory import DirectoryFile, User
from identity_service.errors import Forbidden, InvalidToken, TooManyAttempts, WrongCredentials
from identity_service.health import Health
from identity_service.login import Login
from identity_service.logs import configure_logging
from identity_service.metrics import LOGINS, VALIDATIONS, metrics_response
from identity_service.request_context import RequestContext
from identity_service.settings import ServiceSettings, load_or_exit
from identity_service.tokens import issue, verified_user_id

log = structlog.stdlib.get_logger(__name__)


class Credentials(BaseModel):
    email: str = Field(max_length=256)
    password: SecretStr = Field(max_length=256)


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105
    expires_in: int


class UserInfo(BaseModel):
    """What a service is told of a user (`003-007`)."""

    user_id: str
    email: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]


def create_api(settings: ServiceSettings) -> FastAPI:
    directory = DirectoryFile(settings.identity_file)
    app = FastAPI(title=settings.service_name, version=settings.service_version)
    app.add_api_route("/health", Health(settings.service_name, directory).respond, methods=["GET"])
    app.add_route("/metrics", metrics_response, include_in_schema=False)
    add_error_answers(app)
    app.add_middleware(RequestContext)
    add_login(app, settings, directory)
    add_validation(app, directory)
    return app


def add_login(app: FastAPI, settings: ServiceSettings, directory: DirectoryFile) -> None:
    login = Login()
    lifetime = timedelta(seconds=settings.token_lifetime_seconds)

    @app.post("/auth/login")
    async def log_in(request: Request, credentials: Credentials) -> Token:
        known = directory.read()
        password = credentials.password.get_secret_value()
        try:
            user = await login.authenticate(known, credentials.email, password, client_of(request))
        except (Forbidden, TooManyAttempts, WrongCredentials) as error:
            results: dict[type[Exception], str] = {Forbidden: "forbidden", TooManyAttempts: "limited"}
            LOGINS.labels(result=results.get(type(error), "failure")).inc()
            # Not the e-mail: people type their password into that field, too.
            log.warning("login_refused", reason=type(error).__name__, client=client_of(request))
            raise
        LOGINS.labels(result="success").inc()
        log.info("login_succeeded", user_id=user.user_id)
        token = issue(known, user, lifetime)
        return Token(access_token=token, expires_in=settings.token_lifetime_seconds)


def add_validation(app: FastAPI, directory: DirectoryFile) -> None:
    async def bearer(request: Request) -> User:
        known = directory.read()
        user = known.user(verified_user_id(known, token_of(request)))
        # Signed by us, but what the user was told then is not true any more.
        if user is None or not user.active:
            raise Forbidden("the user is disabled")
        return user

    Bearer = Annotated[User, Depends(bearer)]

    # Services send POST (`003-004`), a gateway asks with GET or with the method of its client.
    @app.api_route("/auth/validate", methods=["GET", "POST"])
    @app.api_route("/auth/validate", methods=["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)
    async def validate(request: Request, response: Response) -> UserInfo:
        try:
            user = await bearer(request)
            method, uri = request.headers.get("x-forwarded-method"), request.headers.get("x-forwarded-uri")
            if method is not None and uri is not None:
                check_access(directory.read(), user, method, uri)
        except (Forbidden, InvalidToken) as error:
            VALIDATIONS.labels(result="invalid" if isinstance(error, InvalidToken) else "forbidden").inc()
            raise
        VALIDATIONS.labels(result="valid").inc()
        response.headers.update(identity_headers(user))
        return info_of(user)

    @app.get("/users/{user_id}/profile")
    async def profile(user_id: str, user: Bearer) -> UserInfo:
        """One's own; of others for the role `admin` (`003-065`)."""
        wanted = directory.read().user(user_id) if "admin" in user.roles else user
        if wanted is None or wanted.user_id != user_id:
            raise Forbidden("this profile is not yours, or there is none")
        return info_of(wanted)


def token_of(request: Request) -> str:
    given = request.headers.getlist("authorization")
    if not given:
        raise InvalidToken("missing")
    scheme, _, token = given[0].partition(" ")
    # With two of them the service behind the gateway might read the other one.
    if len(given) > 1 or scheme.lower() != "bearer" or token.strip() == "":
        raise InvalidToken("malformed")
    return token.strip()


def client_of(request: Request) -> str:
    """The address that the gateway saw; others do not reach this service."""
    seen = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
    return seen or (request.client.host if request.client else "unknown")


def info_of(user: User) -> UserInfo:
    return UserInfo(user_id=user.user_id, email=user.email, roles=user.roles, permissions=user.permissions)


def identity_headers(user: User) -> dict[str, str]:
    return {
        "X-User-Id": user.user_id,
        "X-User-Email": user.email,
        "X-User-Roles": ",".join(user.roles),
        "X-User-Permissions": ",".join(user.permissions),
    }


def main() -> None:
    settings = load_or_exit(ServiceSettings)
    configure_logging(settings.log_level)
    log.info("service_started", version=settings.service_version, port=settings.service_port)
    # log_config=None: uvicorn's lines go through our handler; its access log is replaced by RequestContext.
    uvicorn.run(
        create_api(settings),
        host="0.0.0.0",
        port=settings.service_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
