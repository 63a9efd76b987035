"""Looks at everything every few seconds, until it is told to stop."""

import os
import signal
import threading
from pathlib import Path

from stream_keeper.discovery import Discovery
from stream_keeper.keeper import Keeper
from stream_keeper.logs import log

INTERVAL_SECONDS = 5
# Its age is the container's health.
LAST_GOOD_PASS = Path("/tmp/last-good-pass")


def main() -> None:
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    discovery = Discovery(os.environ["DOCKER_API_URL"], os.environ["NETWORK"])
    keeper = Keeper({"broker": os.environ["BROKER_URL"], "cache": os.environ["CACHE_URL"]})
    log("service_started")
    while not stopped.is_set():
        look(discovery, keeper)
        stopped.wait(INTERVAL_SECONDS)
    log("service_stopped")


def look(discovery: Discovery, keeper: Keeper) -> None:
    try:
        declarations = discovery.declarations()
    except (OSError, ValueError) as error:
        log("discovery_failed", level="error", error=str(error))
        return
    if keeper.keep(declarations):
        LAST_GOOD_PASS.touch()


if __name__ == "__main__":
    main()
