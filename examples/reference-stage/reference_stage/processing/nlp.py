"""Stage 2: sentences, words, keywords, and names by asking the stage's internal NER service."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+")
STOP_WORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his in is it its not of on or she that the"
    " their they this to was were which with you".split()
)
KEYWORD_COUNT = 10

Entities = list[dict[str, Any]]


def analyse_document(text: str, find_entities: Callable[[str], Entities]) -> dict[str, Any]:
    words = [word.lower() for word in WORD.findall(text)]
    frequencies = Counter(word for word in words if word not in STOP_WORDS and len(word) > 2)
    return {
        "sentences": len([sentence for sentence in SENTENCE_BREAK.split(text) if sentence.strip()]),
        "words": len(words),
        "distinct_words": len(set(words)),
        "keywords": [word for word, _ in frequencies.most_common(KEYWORD_COUNT)],
        "entities": find_entities(text),
    }
