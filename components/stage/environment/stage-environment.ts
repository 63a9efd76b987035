import type { Environment } from "../../core/environment.ts";
import type { LogLevel, StageDefinition } from "../definition.ts";
import { gpuEnvironment } from "../gpu.ts";
import { celeryEnvironment } from "./celery.ts";
import type { StageConnections } from "./connections.ts";
import { eventEnvironment } from "./events.ts";
import { identityEnvironment } from "./identity.ts";
import { identityServiceEnvironment } from "./identity-service.ts";
import { peerEnvironment } from "./peers.ts";
import { postgresEnvironment } from "./postgres.ts";
import { redisEnvironment } from "./redis.ts";
import { type SecretReader, secretEnvironment } from "./secrets.ts";
import { storesEnvironment } from "./stores.ts";
import { telemetryEnvironment } from "./telemetry.ts";

export interface StageSurroundings {
  readonly connections: StageConnections;
  readonly secret: SecretReader;
  /** Log level of a stage that sets none. */
  readonly defaultLogLevel: LogLevel;
}

/**
 * The complete environment of one service, from one place for every service of every stage, so that no worker
 * misses what its orchestrator has (`000-050`, `000-182`). What the platform injects wins over what a definition adds.
 */
export function stageEnvironment(
  stage: StageDefinition,
  serviceName: string,
  { connections, secret, defaultLogLevel }: StageSurroundings,
): Environment {
  const service = stage.services[serviceName];
  if (service === undefined) throw new Error(`stage ${stage.name} has no service ${serviceName}`);
  return {
    ...gpuEnvironment(service),
    ...stage.environment,
    ...service.environment,
    ...secretEnvironment(stage, service, secret),
    ...identityEnvironment(stage, serviceName, defaultLogLevel),
    ...celeryEnvironment(service),
    ...redisEnvironment(stage, service, connections),
    ...postgresEnvironment(connections),
    ...storesEnvironment(connections),
    ...telemetryEnvironment(stage, serviceName, connections),
    ...identityServiceEnvironment(service, connections),
    ...peerEnvironment(stage, connections.peers),
    ...eventEnvironment(stage, connections),
  };
}
