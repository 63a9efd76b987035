from pathlib import Path

import pytest

from reference_stage.errors import EnvironmentInvalid
from reference_stage.event_consumer.settings import ConsumerSettings, load_settings
from reference_stage.event_consumer.status_file import NOT_RUNNING, STALE_AFTER_SECONDS, read_health, write_health

SETTINGS_FILE = """
event_consumer:
  enabled: false
  source_stream: "stage1:cleaning:events"
  redis_host: "redis-cache"
  redis_port: 6379
  redis_db: 1
  consumer_group: "stage2-nlp-processor"
  consumer_name: "${HOSTNAME}"
  consume_events:
    - "com.storytelling.cleaning.document.cleaned"
    - "com.storytelling.cleaning.job.completed"
  auto_process: true
  batch_mode: true
  poll_interval_ms: 500
  batch_size: 50
  concurrent_tasks: 8
  retry_failed: true
  max_retries: 2
  retry_delay_seconds: 1
  dead_letter_stream: "stage2:nlp:failed-events"
  check_already_processed: true
  deduplication_ttl_hours: 2
  process_backlog: false
  backlog_batch_size: 100
  backlog_max_age_hours: 24
"""
IDENTITY = {
    "STAGE_NUMBER": "2",
    "STAGE_NAME": "nlp",
    "SERVICE": "event-consumer",
    "SERVICE_NAME": "stage2-nlp",
    "ORCHESTRATOR_URL": "http://nlp-orchestrator:8000",
    "HOSTNAME": "nlp-event-consumer",
}


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    file = tmp_path / "settings.yaml"
    file.write_text(SETTINGS_FILE)
    return file


def load(file: Path, **environment: str) -> ConsumerSettings:
    return load_settings({**IDENTITY, **environment}, file)


def test_the_settings_file_of_the_guide_is_understood(settings_file: Path) -> None:
    settings = load(settings_file)
    assert settings.enabled is False
    assert settings.redis_url == "redis://redis-cache:6379/1"
    assert (settings.stream, settings.group, settings.consumer) == (
        "stage1:cleaning:events",
        "stage2-nlp-processor",
        "nlp-event-consumer",
    )
    assert settings.types[1] == "com.storytelling.cleaning.job.completed"
    assert (settings.batch_size, settings.concurrent_tasks, settings.max_retries) == (50, 8, 2)
    assert settings.deduplication_seconds == 7200
    assert settings.processed_key_prefix == "stage2:nlp:processed:"


def test_the_environment_overrides_the_file(settings_file: Path) -> None:
    settings = load(
        settings_file,
        EVENT_CONSUMER_ENABLED="true",
        AUTO_PROCESS="false",
        EVENT_TYPES="a, b",
        EVENT_REDIS_URL="redis://user:secret@elsewhere:6379/3",
        EVENT_BATCH_SIZE="7",
    )
    assert (settings.enabled, settings.auto_process, settings.types) == (True, False, ("a", "b"))
    assert (settings.redis_url, settings.batch_size) == ("redis://user:secret@elsewhere:6379/3", 7)


def test_retries_and_deduplication_can_be_switched_off_in_the_file(settings_file: Path) -> None:
    text = settings_file.read_text().replace("retry_failed: true", "retry_failed: false")
    settings_file.write_text(text.replace("check_already_processed: true", "check_already_processed: false"))
    settings = load(settings_file)
    assert (settings.max_retries, settings.deduplication_seconds) == (0, 0)


def test_the_database_of_the_stage_that_owns_the_stream_is_the_source(settings_file: Path) -> None:
    settings = load(
        settings_file,
        EVENT_STREAM="stage3:embeddings:events",
        STAGE1_EVENT_STREAM="stage1:cleaning:events",
        STAGE1_POSTGRES_HOST="of-stage-1",
        STAGE3_EVENT_STREAM="stage3:embeddings:events",
        STAGE3_POSTGRES_HOST="of-stage-3",
        STAGE3_POSTGRES_PASSWORD="not-for-logs",  # noqa: S106
    )
    assert settings.source_database is not None
    assert settings.source_database.host == "of-stage-3"
    assert "not-for-logs" not in repr(settings)
    assert load(settings_file).source_database is None


def test_without_a_file_every_missing_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        EnvironmentInvalid, match="EVENT_DEAD_LETTER_STREAM, EVENT_GROUP, EVENT_REDIS_URL, EVENT_STREAM"
    ):
        load(tmp_path / "none.yaml")


def test_a_file_that_is_not_yaml_is_refused(settings_file: Path) -> None:
    settings_file.write_text("event_consumer: [")
    with pytest.raises(EnvironmentInvalid, match="the settings file is not YAML"):
        load(settings_file)


def test_the_probe_sees_what_the_consumer_wrote_and_when_it_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "health.json"
    assert read_health(file) == NOT_RUNNING
    well = {**NOT_RUNNING, "healthy": True, "running": True}
    write_health(well, file)  # type: ignore[arg-type]
    assert read_health(file) == well
    written = file.stat().st_mtime
    monkeypatch.setattr("time.time", lambda: written + STALE_AFTER_SECONDS)
    assert (read_health(file)["healthy"], read_health(file)["running"]) == (False, False)
