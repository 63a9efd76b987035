import type { Environment } from "../../core/environment.ts";
import type { RedisServer } from "../../core/handles.ts";
import type { StageDefinition } from "../definition.ts";
import { brokerDatabase, cacheDatabase, usesStore } from "../names.ts";
import type { StageConnections } from "./connections.ts";

/** The broker under `REDIS_*`, the cache under `REDIS_CACHE_*`; task results go to the cache (`000-035`). */
export function redisEnvironment(stage: StageDefinition, { broker, cache }: StageConnections): Environment {
  if (!usesStore(stage, "redis")) return {};
  const brokerUrl = redisUrl(broker, brokerDatabase(stage));
  const cacheUrl = redisUrl(cache, cacheDatabase(stage));
  return {
    REDIS_HOST: broker.host,
    REDIS_PORT: String(broker.port),
    REDIS_DB: String(brokerDatabase(stage)),
    REDIS_URL: brokerUrl,
    REDIS_CACHE_HOST: cache.host,
    REDIS_CACHE_PORT: String(cache.port),
    REDIS_CACHE_DB: String(cacheDatabase(stage)),
    REDIS_CACHE_URL: cacheUrl,
    CELERY_BROKER_URL: brokerUrl,
    CELERY_RESULT_BACKEND: cacheUrl,
  };
}

/** The address of one database of a server. */
export function redisUrl(server: RedisServer, database: number): string {
  return `redis://${server.host}:${server.port}/${database}`;
}
