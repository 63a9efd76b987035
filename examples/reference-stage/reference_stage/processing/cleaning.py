"""Stage 1: text that later stages can rely on."""

import re
import unicodedata
from typing import Any

# Invisible characters that PDF and web extraction leaves behind; \t and \n are handled as white space.
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


def clean_document(text: str) -> dict[str, Any]:
    cleaned = clean_text(text)
    return {
        "text": cleaned,
        "characters_before": len(text),
        "characters": len(cleaned),
        "words": len(cleaned.split()),
        "paragraphs": len([paragraph for paragraph in cleaned.split("\n\n") if paragraph]),
    }


def clean_text(text: str) -> str:
    """Compose characters, join hyphenated line ends, and leave one blank between words and paragraphs."""
    composed = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(c for c in composed if c in "\t\n" or unicodedata.category(c) not in INVISIBLE)
    joined = re.sub(r"(?<=\w)-\n(?=[a-z])", "", visible)
    paragraphs = re.split(r"\n\s*\n", joined)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
