"""What a stage declares in the label of its container."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LABEL = "storytelling.events"


@dataclass(frozen=True)
class Stream:
    """A stream that has to be there, and how much of it is kept."""

    server: str
    database: int
    stream: str
    max_length: int | None = None
    max_age_ms: int | None = None


@dataclass(frozen=True)
class Group:
    """A consumer group that has to be there. A new one begins at `start`, `0` or `$`."""

    server: str
    database: int
    stream: str
    group: str
    start: str

    def key(self) -> str:
        return f"{self.server}/{self.database}/{self.stream}/{self.group}"


@dataclass(frozen=True)
class Declarations:
    streams: tuple[Stream, ...]
    groups: tuple[Group, ...]


def parse(label: str) -> Declarations:
    """Raises ValueError for a label that is no declaration."""
    try:
        content = json.loads(label)
        return Declarations(
            streams=tuple(_stream(each) for each in content["streams"]),
            groups=tuple(_group(each) for each in content["groups"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no declaration of events: {error!r}") from error


def merge(declarations: Iterable[Declarations]) -> Declarations:
    """Replicas of a container declare the same; each thing is kept once."""
    every = list(declarations)
    return Declarations(
        streams=tuple(dict.fromkeys(stream for each in every for stream in each.streams)),
        groups=tuple(dict.fromkeys(group for each in every for group in each.groups)),
    )


def _stream(content: dict[str, Any]) -> Stream:
    return Stream(
        server=content["server"],
        database=content["database"],
        stream=content["stream"],
        max_length=content.get("maxLength"),
        max_age_ms=content.get("maxAgeMs"),
    )


def _group(content: dict[str, Any]) -> Group:
    return Group(
        server=content["server"],
        database=content["database"],
        stream=content["stream"],
        group=content["group"],
        start=content["start"],
    )
