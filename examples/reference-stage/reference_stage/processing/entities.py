"""Names in a text by a simple rule: a run of capitalised words is a name."""

import re
from collections import Counter

from reference_stage.processing.sentences import sentences_of

WORD = r"[^\W\d_a-zß-öø-ÿ]\w+"
NAME = re.compile(rf"\b{WORD}(?:[ -]{WORD})*")


def find_entities(text: str) -> list[dict[str, str | int]]:
    """A single capitalised word that opens a sentence counts only if it is a name elsewhere too."""
    certain: Counter[str] = Counter()
    openers: Counter[str] = Counter()
    for sentence in sentences_of(text):
        for match in NAME.finditer(sentence):
            is_opener = match.start() == 0 and " " not in match.group()
            (openers if is_opener else certain)[match.group()] += 1
    for name in certain:
        certain[name] += openers[name]
    return [{"text": name, "count": count} for name, count in certain.most_common()]
