"""Where sentences and words are, as every part of stage 2 sees it."""

import re

WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+")


def sentences_of(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE_BREAK.split(text.strip()) if sentence]


def words_of(sentence: str) -> list[str]:
    return WORD.findall(sentence)
