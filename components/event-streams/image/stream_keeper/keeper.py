"""Makes what is declared and missing, and trims streams. Deletes no key and no group."""

from collections.abc import Mapping

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from stream_keeper.declarations import Declarations, Group, Stream
from stream_keeper.logs import log

# The stages use the databases 0 to 15 of the cache; what the keeper has to remember is beside them.
MEMORY_DATABASE = 16
MEMORY_KEY = "storytelling:event-groups"
PROBE_GROUP = "storytelling-stream-keeper"


class Keeper:
    def __init__(self, servers: Mapping[str, str]) -> None:
        """`servers` are the addresses of `broker` and `cache`, without a database."""
        self._servers = servers
        self._clients: dict[tuple[str, int], Redis] = {}

    def keep(self, declarations: Declarations) -> bool:
        """Whether everything that is declared is there now. What fails is told and does not stop the rest."""
        results = [
            *(self._attempt(self._keep_stream, stream) for stream in declarations.streams),
            *(self._attempt(self._keep_group, group) for group in declarations.groups),
        ]
        return all(results)

    def _attempt(self, work, declared: Stream | Group) -> bool:
        try:
            work(declared)
        except RedisError as error:
            log("event_stream_failed", level="error", stream=declared.stream, error=str(error))
            return False
        return True

    def _keep_stream(self, declared: Stream) -> None:
        client = self._client(declared.server, declared.database)
        if not client.exists(declared.stream):
            _create_empty(client, declared.stream)
            log("event_stream_created", stream=declared.stream, database=declared.database)
        if declared.max_length is not None:
            client.xtrim(declared.stream, maxlen=declared.max_length, approximate=True)
        if declared.max_age_ms is not None:
            seconds, microseconds = client.time()
            oldest = seconds * 1000 + microseconds // 1000 - declared.max_age_ms
            client.xtrim(declared.stream, minid=oldest, approximate=True)

    def _keep_group(self, declared: Group) -> None:
        memory = self._client("cache", MEMORY_DATABASE)
        client = self._client(declared.server, declared.database)
        if not _has_group(client, declared):
            # A group that was there is lost with its stream; whatever is in the new stream, it has not seen.
            was_there = memory.sismember(MEMORY_KEY, declared.key())
            start = "0" if was_there else declared.start
            if _create_group(client, declared, start):
                event = "event_group_restored" if was_there else "event_group_created"
                log(event, stream=declared.stream, group=declared.group, start=start)
        memory.sadd(MEMORY_KEY, declared.key())

    def _client(self, server: str, database: int) -> Redis:
        key = (server, database)
        if key not in self._clients:
            self._clients[key] = Redis.from_url(
                self._servers[server], db=database, decode_responses=True, socket_timeout=5, socket_connect_timeout=5
            )
        return self._clients[key]


def _create_empty(client: Redis, stream: str) -> None:
    """A stream without an entry comes with a group only, and stays when the group goes."""
    with client.pipeline(transaction=True) as transaction:
        transaction.xgroup_create(stream, PROBE_GROUP, id="$", mkstream=True)
        transaction.xgroup_destroy(stream, PROBE_GROUP)
        transaction.execute()


def _has_group(client: Redis, declared: Group) -> bool:
    """Asked first, because each refused command counts in the server's error statistics."""
    if not client.exists(declared.stream):
        return False
    return any(group["name"] == declared.group for group in client.xinfo_groups(declared.stream))


def _create_group(client: Redis, declared: Group, start: str) -> bool:
    """False when a consumer was quicker; any other refusal is an error."""
    try:
        client.xgroup_create(declared.stream, declared.group, id=start, mkstream=True)
    except ResponseError as error:
        if str(error).startswith("BUSYGROUP"):
            return False
        raise
    return True
