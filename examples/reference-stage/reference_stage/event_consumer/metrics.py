"""What the consumer did since it started (`002-055`)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ConsumerMetrics:
    total_consumed: int = 0
    processed: int = 0
    filtered: int = 0
    failed: int = 0
    duplicates_skipped: int = 0
    by_event_type: Counter[str] = field(default_factory=Counter)

    def count_consumed(self, event_type: str) -> None:
        self.total_consumed += 1
        self.by_event_type[event_type] += 1

    def get_metrics(self) -> dict[str, Any]:
        return {
            "total_consumed": self.total_consumed,
            "processed": self.processed,
            "filtered": self.filtered,
            "failed": self.failed,
            "duplicates_skipped": self.duplicates_skipped,
            "by_event_type": dict(self.by_event_type),
        }
