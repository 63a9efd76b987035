import type { StageDefinition, StageService } from "./definition.ts";

/** Pool size of one service (`000-098`). */
const CONNECTIONS_PER_SERVICE = 20;

/** Project of a stage, `stage{N}-{name}`: router, scrape job and health body carry it (`000-007`, `000-070`). */
export function stageProject(stage: StageDefinition): string {
  return `stage${stage.number}-${stage.name}`;
}

/** Database of the broker for Celery, `2N-2` (`000-021`, `000-119`). */
export function brokerDatabase(stage: StageDefinition): number {
  return 2 * stage.number - 2;
}

/** Database of the cache for application data and task results, `2N-1` (`000-024`, `000-119`). */
export function cacheDatabase(stage: StageDefinition): number {
  return 2 * stage.number - 1;
}

/** `stage{N}_{name}` with underscores, unless the stage names its own (`000-027`). */
export function databaseName(stage: StageDefinition): string {
  return stage.database?.database ?? `stage${stage.number}_${stage.name.replaceAll("-", "_")}`;
}

/** `stage{N}_user`, unless the stage names its own (`000-028`). */
export function databaseUser(stage: StageDefinition): string {
  return stage.database?.user ?? `stage${stage.number}_user`;
}

/** Most connections that the stage's services open together (`000-098`). */
export function connectionLimit(stage: StageDefinition): number {
  return stage.database?.connectionLimit ?? Object.keys(stage.services).length * CONNECTIONS_PER_SERVICE;
}

/** `{prefix}-{service}`, unless the service names its own (`000-017`, `000-150`). */
export function containerName(stage: StageDefinition, serviceName: string): string {
  return (
    stage.services[serviceName]?.containerName ?? `${stage.containerPrefix ?? stage.name}-${serviceName}`
  );
}

/** `stage{N}-{name}-{service}`, unless the service names its own (`000-037`, `000-120`). */
export function telemetryName(stage: StageDefinition, serviceName: string): string {
  return stage.services[serviceName]?.telemetryName ?? `${stageProject(stage)}-${serviceName}`;
}

/** Path prefix at the gateway, `/api/v1/{name}` unless the stage names its own (`000-071`). */
export function routePrefix(stage: StageDefinition): string {
  return stage.route?.prefix ?? `/api/v1/${stage.name}`;
}

/** Port in the container: 8000 for an orchestrator (`000-043`), none for others unless given. */
export function servicePort(service: StageService): number | undefined {
  return service.port ?? (service.kind === "orchestrator" ? 8000 : undefined);
}

/** Name of the orchestrator among the stage's services. Throws when there is none: the checks run before. */
export function orchestratorName(stage: StageDefinition): string {
  const entry = Object.entries(stage.services).find(([, service]) => service.kind === "orchestrator");
  if (entry === undefined) throw new Error(`stage ${stage.name} has no orchestrator`);
  return entry[0];
}

/** Variable by which the stage's services find an internal one, `NER_SERVICE_URL` for `ner-service` (`000-038`). */
export function urlVariable(serviceName: string): string {
  return `${serviceName.replaceAll("-", "_").toUpperCase()}_URL`;
}
