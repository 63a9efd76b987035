"""What happened when, by a simple rule: a sentence with a year or a date tells of an event."""

import re

from reference_stage.processing.entities import find_entities
from reference_stage.processing.sentences import sentences_of

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
WHEN = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|(?:\d{{1,2}} )?(?:{MONTH})(?: \d{{1,2}},)? \d{{4}}|(?:1\d|20)\d{{2}})\b"
)


def find_events(text: str) -> list[dict[str, object]]:
    return [
        {"when": match.group(), "who": [entity["text"] for entity in find_entities(sentence)], "sentence": sentence}
        for sentence in sentences_of(text)
        if (match := WHEN.search(sentence))
    ]
