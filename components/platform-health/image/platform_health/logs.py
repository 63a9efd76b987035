"""One JSON object a line, like every service of the platform."""

import json
from datetime import UTC, datetime


def log(event: str, *, level: str = "info", **fields: object) -> None:
    line = {
        "timestamp": datetime.now(UTC).isoformat(),
        "level": level,
        "event": event,
        "service": "platform-health",
        **fields,
    }
    print(json.dumps(line), flush=True)
