"""`GET /health`: can tokens be checked right now?"""

from datetime import UTC, datetime

from starlette.responses import JSONResponse

from identity_service.directory import DirectoryFile
from identity_service.errors import DirectoryUnavailable


class Health:
    def __init__(self, service_name: str, directory: DirectoryFile) -> None:
        self._service_name = service_name
        self._directory = directory

    async def respond(self) -> JSONResponse:
        state = self._state()
        body = {
            "status": "healthy" if state == "ok" else "unhealthy",
            "service": self._service_name,
            "timestamp": datetime.now(UTC).isoformat(),
            "checks": {"directory": state},
        }
        return JSONResponse(body, status_code=200 if state == "ok" else 503)

    def _state(self) -> str:
        try:
            self._directory.read()
        except DirectoryUnavailable as error:
            return f"failed: {error}"
        return "ok"
