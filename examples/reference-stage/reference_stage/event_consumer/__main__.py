"""`python -m reference_stage.event_consumer` consumes; with `--health` it says how the running consumer does."""

import json
import sys
from importlib.util import find_spec

from reference_stage.event_consumer import status_file


def main() -> None:
    # First, and from the standard library alone: Docker asks every few seconds.
    if sys.argv[1:] == ["--health"]:
        health = status_file.read_health()
        print(json.dumps(health))
        sys.exit(0 if health["healthy"] else 1)
    if find_spec("redis") is None:
        sys.exit(json.dumps({"event": "redis_library_not_available", "level": "error", "remedy": "pip install redis"}))

    from reference_stage.event_consumer.service import run  # noqa: PLC0415 - see above

    run()


if __name__ == "__main__":
    main()
