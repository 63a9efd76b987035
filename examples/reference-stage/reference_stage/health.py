"""`GET /health`: is everything that this container depends on within reach right now?"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.responses import JSONResponse

from reference_stage.errors import describe

# Docker gives the probe 5 s; the checks run side by side, so this is also the time of the whole report.
CHECK_TIMEOUT_SECONDS = 2

Check = Callable[[], Awaitable[object]]
log = structlog.stdlib.get_logger(__name__)


class Health:
    """A named check passes when it returns and fails when it raises."""

    def __init__(self, service_name: str, checks: Mapping[str, Check]) -> None:
        self._service_name = service_name
        self._checks = checks

    async def respond(self) -> JSONResponse:
        states = await asyncio.gather(*(_state(check) for check in self._checks.values()))
        healthy = all(state == "ok" for state in states)
        body = {
            "status": "healthy" if healthy else "unhealthy",
            "service": self._service_name,
            "timestamp": datetime.now(UTC).isoformat(),
            "checks": dict(zip(self._checks, states, strict=True)),
        }
        if not healthy:
            log.warning("health_check_failed", checks=body["checks"])
        return JSONResponse(body, status_code=200 if healthy else 503)


def redis_check(url: str) -> Check:
    client = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=CHECK_TIMEOUT_SECONDS,
        socket_connect_timeout=CHECK_TIMEOUT_SECONDS,
        # The kept connection is dead after a restart of Redis; that alone is no failure.
        retry=Retry(NoBackoff(), retries=1),
    )
    return client.ping


async def _state(check: Check) -> str:
    attempt = asyncio.ensure_future(check())
    # Not `wait_for`: it waits until the cancelled check has tidied up, which a frozen store can delay for long.
    await asyncio.wait({attempt}, timeout=CHECK_TIMEOUT_SECONDS)
    if not attempt.done():
        attempt.cancel()
        return f"failed: no answer within {CHECK_TIMEOUT_SECONDS} s"
    error = attempt.exception()
    return "ok" if error is None else f"failed: {describe(error)}"
