"""
How the running consumer tells the health probe how it is: it listens on no port (C-16).

`/dev/shm` is always in memory, and there in a container whose file system is read-only.
"""

import json
import os
import time
from pathlib import Path
from typing import TypedDict

STATUS_FILE = Path("/dev/shm/event-consumer.json")  # noqa: S108 - the container has no other user
WRITE_EVERY_SECONDS = 5
# Older than that, the process that wrote it hangs or is gone.
STALE_AFTER_SECONDS = 20


class Health(TypedDict):
    enabled: bool
    healthy: bool
    stream_exists: bool
    group_exists: bool
    pending_count: int
    running: bool


NOT_RUNNING = Health(
    enabled=False, healthy=False, stream_exists=False, group_exists=False, pending_count=0, running=False
)


def write_health(health: Health, file: Path = STATUS_FILE) -> None:
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(health))
    # In one step, so that the probe never reads half of it.
    os.replace(unfinished, file)


def read_health(file: Path = STATUS_FILE) -> Health:
    try:
        health: Health = json.loads(file.read_text())
        age = time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return NOT_RUNNING
    return health if age < STALE_AFTER_SECONDS else {**health, "healthy": False, "running": False}
