"""Role `scheduler`: Celery beat, which sends tasks on time. It runs once per stage and does none of the work."""

from datetime import timedelta

import structlog
from celery.signals import beat_init, setup_logging

from reference_stage.logs import configure_logging
from reference_stage.settings import BrokerSettings, load_or_exit
from reference_stage.task_queue import create_celery

# Always in memory, and there in a container whose file system is read-only. What beat keeps is when it last
# sent what; losing that with the container sends a task once too often.
SCHEDULE_FILE = "/dev/shm/celerybeat-schedule"  # noqa: S108 - the container has no other user

SCHEDULE = {
    "expire-documents": {
        "task": "documents.expire",
        "schedule": timedelta(hours=1),
        "kwargs": {"older_than_seconds": timedelta(days=1).total_seconds()},
    },
}

log = structlog.stdlib.get_logger(__name__)


def main() -> None:
    settings = load_or_exit(BrokerSettings)
    configure_logging(settings)
    setup_logging.connect(lambda **_signal: None, weak=False)
    beat_init.connect(lambda **_signal: log.info("service_started", version=settings.service_version), weak=False)
    celery = create_celery(settings, result_backend=None)
    celery.conf.beat_schedule = SCHEDULE
    celery.start(["--quiet", "beat", f"--schedule={SCHEDULE_FILE}", "--pidfile=", f"--loglevel={settings.log_level}"])


if __name__ == "__main__":
    main()
