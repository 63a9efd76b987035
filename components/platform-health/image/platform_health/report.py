"""The answer to `/health`, looked up at most every few seconds however many ask."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from platform_health.assessment import assess, is_well
from platform_health.containers import Container
from platform_health.logs import log

# Docker is asked this often at most.
FRESH_SECONDS = 2


@dataclass(frozen=True)
class Report:
    healthy: bool
    # The body that every service of the platform answers with.
    body: Mapping[str, object]


class Reporter:
    def __init__(
        self,
        look: Callable[[], list[Container]],
        services: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._services = services
        self._clock = clock
        self._turn = threading.Lock()
        self._latest: Report | None = None
        self._made_at = 0.0

    def report(self) -> Report:
        # Whoever comes meanwhile waits for the same look.
        with self._turn:
            if self._latest is None or self._clock() - self._made_at > FRESH_SECONDS:
                self._replace(self._make())
            return self._latest

    def _replace(self, report: Report) -> None:
        if self._latest is None or self._latest.healthy != report.healthy:
            log("health_changed", level="info" if report.healthy else "error", checks=report.body["checks"])
        self._latest = report
        self._made_at = self._clock()

    def _make(self) -> Report:
        try:
            checks = assess(self._look(), self._services)
        except (OSError, ValueError) as error:
            checks = {"docker-api": f"failed: {error}"}
        healthy = is_well(checks)
        body = {
            "status": "healthy" if healthy else "unhealthy",
            "service": "storytelling",
            "timestamp": datetime.now(UTC).isoformat(),
            "checks": checks,
        }
        return Report(healthy, body)
