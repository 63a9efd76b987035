"""Stage 2: sentences, words, keywords, and what the stage's internal services find."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from reference_stage.processing.sentences import sentences_of, words_of

STOP_WORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his in is it its not of on or she that the"
    " their they this to was were which with you".split()
)
KEYWORD_COUNT = 10

# Finds what an internal service is for in a text, `entities` for example.
Finder = Callable[[str], list[dict[str, Any]]]


def analyse_document(text: str, finders: Mapping[str, Finder]) -> dict[str, Any]:
    words = [word.lower() for word in words_of(text)]
    frequencies = Counter(word for word in words if word not in STOP_WORDS and len(word) > 2)
    return {
        "sentences": len(sentences_of(text)),
        "words": len(words),
        "distinct_words": len(set(words)),
        "keywords": [word for word, _ in frequencies.most_common(KEYWORD_COUNT)],
        **{what: find(text) for what, find in finders.items()},
    }
