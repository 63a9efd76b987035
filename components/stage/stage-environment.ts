import type * as pulumi from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";
import type { Environment } from "../core/environment.ts";
import type { OtlpEndpoint, PostgresDatabase, RedisServer } from "../core/handles.ts";
import type { LogLevel, StageDefinition } from "./definition.ts";
import {
  brokerDatabase,
  cacheDatabase,
  containerName,
  servicePort,
  stageProject,
  telemetryName,
  urlVariable,
} from "./names.ts";

/** What a stage's services connect to. */
export interface StageConnections {
  readonly broker: RedisServer;
  readonly cache: RedisServer;
  readonly database: PostgresDatabase;
  readonly tracing: OtlpEndpoint;
}

/**
 * The complete environment of one service, from one place for every service of every stage, so that no worker
 * misses what its orchestrator has (`000-050`, `000-182`).
 */
export function stageEnvironment(
  stage: StageDefinition,
  serviceName: string,
  connections: StageConnections,
  defaultLogLevel: LogLevel,
): Environment {
  return {
    ...stage.environment,
    ...stage.services[serviceName]?.environment,
    ...identity(stage, serviceName, defaultLogLevel),
    ...redis(stage, connections),
    ...postgres(connections.database),
    ...telemetry(stage, serviceName, connections.tracing),
    ...internalServices(stage),
  };
}

function identity(stage: StageDefinition, serviceName: string, defaultLogLevel: LogLevel): Environment {
  const service = stage.services[serviceName];
  const port = service === undefined ? undefined : servicePort(service);
  return {
    STAGE_NUMBER: String(stage.number),
    STAGE_NAME: stage.name,
    SERVICE: serviceName,
    SERVICE_NAME: stageProject(stage),
    SERVICE_VERSION: stage.version ?? "1.0.0",
    ...(port === undefined ? {} : { SERVICE_PORT: String(port) }),
    LOG_LEVEL: stage.logLevel ?? defaultLogLevel,
  };
}

/** The broker under `REDIS_*`, the cache under `REDIS_CACHE_*`; task results go to the cache (`000-035`). */
function redis(stage: StageDefinition, { broker, cache }: StageConnections): Environment {
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

function redisUrl(server: RedisServer, database: number): string {
  return `redis://${server.host}:${server.port}/${database}`;
}

function postgres({ host, port, database, user, password }: PostgresDatabase): Environment {
  return {
    POSTGRES_HOST: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: database,
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    DATABASE_URL: databaseUrl("postgresql"),
    ASYNC_DATABASE_URL: databaseUrl("postgresql+asyncpg"),
  };

  function databaseUrl(scheme: string): pulumi.Output<string> {
    const encoded = password.apply(encodeURIComponent);
    return interpolate`${scheme}://${user}:${encoded}@${host}:${port}/${database}`;
  }
}

function telemetry(stage: StageDefinition, serviceName: string, tracing: OtlpEndpoint): Environment {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: tracing.url,
    OTEL_SERVICE_NAME: telemetryName(stage, serviceName),
    OTEL_RESOURCE_ATTRIBUTES: `service.namespace=storytelling,stage=${stage.number},service=${serviceName}`,
  };
}

function internalServices(stage: StageDefinition): Environment {
  const urls = Object.entries(stage.services).flatMap(([name, service]) => {
    const port = servicePort(service);
    return service.kind === "internal" && port !== undefined
      ? [[urlVariable(name), `http://${containerName(stage, name)}:${port}`] as const]
      : [];
  });
  return Object.fromEntries(urls);
}
