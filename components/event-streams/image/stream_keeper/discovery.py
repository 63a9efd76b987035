"""Finds the declarations of all stages on one network, through the Docker API."""

import json
import urllib.parse
import urllib.request

from stream_keeper.declarations import LABEL, Declarations, merge, parse
from stream_keeper.logs import log

TIMEOUT_SECONDS = 5


class Discovery:
    def __init__(self, docker_api_url: str, network: str) -> None:
        # A stopped stage still wants its events kept, so `all`.
        filters = json.dumps({"label": [LABEL], "network": [network]})
        query = urllib.parse.urlencode({"all": "1", "filters": filters})
        self._url = f"{docker_api_url.replace('tcp://', 'http://')}/containers/json?{query}"

    def declarations(self) -> Declarations:
        """Raises OSError when the API does not answer. A container with a broken label is told and left out."""
        with urllib.request.urlopen(self._url, timeout=TIMEOUT_SECONDS) as response:
            containers = json.load(response)
        return merge(found for container in containers for found in _declared_by(container))


def _declared_by(container: dict) -> list[Declarations]:
    try:
        return [parse(container["Labels"][LABEL])]
    except ValueError as error:
        log("declaration_invalid", level="error", container=container["Names"][0].lstrip("/"), error=str(error))
        return []
