"""What a caller is told when something is wrong: `{"detail": …}` with the status that fits, and never a secret."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from identity_service.errors import DirectoryUnavailable, Forbidden, InvalidToken, TooManyAttempts, WrongCredentials


def add_error_answers(app: FastAPI) -> None:
    for kind, answer in {
        InvalidToken: _invalid_token,
        Forbidden: _forbidden,
        WrongCredentials: _wrong_credentials,
        TooManyAttempts: _too_many_attempts,
        DirectoryUnavailable: _unavailable,
        RequestValidationError: _not_understood,
    }.items():
        app.add_exception_handler(kind, answer)


def _answer(status: int, detail: object, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"detail": detail}, status_code=status, headers=headers)


async def _invalid_token(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InvalidToken)  # noqa: S101
    # RFC 6750: no error code for a request that did not try.
    challenge = "Bearer" if error.reason == "missing" else f'Bearer error="invalid_token", error_description="{error}"'
    body = {"detail": "Invalid token", "reason": error.reason}
    return JSONResponse(body, status_code=401, headers={"WWW-Authenticate": challenge})


async def _forbidden(_request: Request, error: Exception) -> JSONResponse:
    return _answer(403, f"Forbidden: {error}")


async def _wrong_credentials(_request: Request, _error: Exception) -> JSONResponse:
    return _answer(401, "Wrong e-mail or password")


async def _too_many_attempts(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooManyAttempts)  # noqa: S101
    return _answer(429, "Too many failed logins", {"Retry-After": str(error.retry_after_seconds)})


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    return _answer(503, f"Identity service unavailable: {error}", {"Retry-After": "5"})


async def _not_understood(_request: Request, error: Exception) -> JSONResponse:
    """FastAPI's own answer quotes what was sent, and that may be a password."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return _answer(422, [{key: problem[key] for key in ("type", "loc", "msg")} for problem in error.errors()])
