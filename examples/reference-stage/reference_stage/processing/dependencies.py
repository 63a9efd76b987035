"""Who does what in a sentence, by a simple rule: the first word that looks like a verb parts it in two."""

import re

from reference_stage.processing.sentences import sentences_of, words_of

VERBS = frozenset("is are was were has have had does do did goes go went says said makes made takes took".split())
VERB_ENDING = re.compile(r"(?<=\w{2})ed$")


def find_dependencies(text: str) -> list[dict[str, str]]:
    """One finding for each sentence that has a verb with words on both sides."""
    found = (_part(words_of(sentence)) for sentence in sentences_of(text))
    return [parts for parts in found if parts is not None]


def _part(words: list[str]) -> dict[str, str] | None:
    for position, word in enumerate(words[1:-1], start=1):
        if word in VERBS or VERB_ENDING.search(word):
            return {
                "subject": " ".join(words[:position]),
                "verb": word,
                "object": " ".join(words[position + 1 :]),
            }
    return None
