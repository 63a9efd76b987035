import type { Environment } from "../../core/environment.ts";
import type { RedisServer } from "../../core/handles.ts";
import { redisUrl } from "../../core/redis-url.ts";
import type { StageDefinition, StageService } from "../definition.ts";
import { subscriptionsOf } from "../events.ts";
import { brokerDatabase, cacheDatabase, usesStore } from "../names.ts";
import type { StageConnections } from "./connections.ts";

/** One database of a server. */
interface RedisDatabase {
  readonly server: RedisServer;
  readonly database: number;
}

/**
 * The broker under `REDIS_*` unless the service wants its events there (C-08), the cache under `REDIS_CACHE_*`; task
 * results go to the cache (`000-035`).
 */
export function redisEnvironment(
  stage: StageDefinition,
  service: StageService,
  connections: StageConnections,
): Environment {
  if (!usesStore(stage, "redis")) return {};
  const broker = { server: connections.broker, database: brokerDatabase(stage) };
  const cache = { server: connections.cache, database: cacheDatabase(stage) };
  const events = service.mainRedis === "events" ? firstSubscription(stage, connections) : undefined;
  return {
    ...databaseEnvironment("REDIS", events ?? broker),
    ...databaseEnvironment("REDIS_CACHE", cache),
    CELERY_BROKER_URL: redisUrl(broker.server, broker.database),
    CELERY_RESULT_BACKEND: redisUrl(cache.server, cache.database),
  };
}

/** Undefined while no producer of the stage is attached. */
function firstSubscription(stage: StageDefinition, connections: StageConnections): RedisDatabase | undefined {
  const [first] = subscriptionsOf(stage, connections.peers);
  return first === undefined ? undefined : { server: connections[first.server], database: first.database };
}

function databaseEnvironment(prefix: string, { server, database }: RedisDatabase): Environment {
  const { host, port, login } = server;
  return {
    [`${prefix}_HOST`]: host,
    [`${prefix}_PORT`]: String(port),
    [`${prefix}_DB`]: String(database),
    [`${prefix}_URL`]: redisUrl(server, database),
    ...(login === undefined
      ? {}
      : { [`${prefix}_USERNAME`]: login.user, [`${prefix}_PASSWORD`]: login.password }),
  };
}
