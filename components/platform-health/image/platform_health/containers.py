"""The containers of one network, through the Docker API."""

import json
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

TIMEOUT_SECONDS = 3


@dataclass(frozen=True)
class Container:
    name: str
    labels: Mapping[str, str]
    # Docker's word: created, running, paused, restarting, removing, exited or dead.
    state: str
    # `unhealthy` or `starting`; None for a container that is healthy or has no probe.
    trouble: str | None


class Containers:
    def __init__(self, docker_api_url: str, network: str) -> None:
        self._url = f"{docker_api_url.replace('tcp://', 'http://')}/containers/json"
        self._network = network

    def all(self) -> list[Container]:
        """Every container of the network, running or not. Raises OSError when the API does not answer."""
        # The list shows a container's health as part of a sentence only; its filter knows it as a word.
        troubles = {
            each["Id"]: health for health in ("starting", "unhealthy") for each in self._list(health=[health])
        }
        return [
            Container(
                name=each["Names"][0].lstrip("/"),
                labels=each["Labels"],
                state=each["State"],
                trouble=troubles.get(each["Id"]),
            )
            for each in self._list()
        ]

    def _list(self, **filters: list[str]) -> list[dict]:
        query = {"all": "1", "filters": json.dumps({"network": [self._network], **filters})}
        url = f"{self._url}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
