import type { StageDefinition, StageService, StoreName } from "./definition.ts";

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

/** A further database of the stage, `stage{N}_{extra}` (C-07). */
export function extraDatabaseName(stage: StageDefinition, extra: string): string {
  return `stage${stage.number}_${extra}`;
}

/** Every database that the stage owns. */
export function databaseNames(stage: StageDefinition): string[] {
  if (!usesStore(stage, "postgres")) return [];
  const extras = stage.database?.extra ?? [];
  return [databaseName(stage), ...extras.map((extra) => extraDatabaseName(stage, extra))];
}

/** Role by which one stage reads the database of another, `stage{N}_reads_stage{M}` (C-14). */
export function readerRole(reader: StageDefinition, source: StageDefinition): string {
  return `stage${reader.number}_reads_stage${source.number}`;
}

/** Most connections of one of the stage's roles: the pools of all its containers to each of its databases (`000-098`). */
export function connectionLimit(stage: StageDefinition): number {
  const given = stage.database?.connectionLimit;
  if (given !== undefined) return given;
  const containers = Object.values(stage.services).reduce((sum, { replicas = 1 }) => sum + replicas, 0);
  const shared = usesStore(stage, "shared-database") ? 1 : 0;
  const databases = 1 + (stage.database?.extra?.length ?? 0) + shared;
  return containers * databases * CONNECTIONS_PER_SERVICE;
}

/** Most connections of all roles of the stage, its own and those by which it reads. */
export function connectionTotal(stage: StageDefinition): number {
  const own = usesStore(stage, "postgres") ? 1 : 0;
  return connectionLimit(stage) * (own + (stage.reads?.databases?.length ?? 0));
}

/** After so long the server ends a transaction that does nothing. 10 minutes unless given; 0 means never. */
export function idleInTransactionSeconds(stage: StageDefinition): number {
  return stage.database?.idleInTransactionSeconds ?? 600;
}

/** Container that runs the stage's SQL. No name of a service: those are in the definition's hands. */
export function initSqlContainerName(stage: StageDefinition): string {
  return `storytelling-stage${stage.number}-init-sql`;
}

/** User of the stage on both Redis servers, `stage{N}` (C-10). */
export function redisUser(stage: StageDefinition): string {
  return `stage${stage.number}`;
}

/** Container that makes the stage's user on one Redis server. */
export function redisUserContainerName(stage: StageDefinition, server: "broker" | "cache"): string {
  return `storytelling-stage${stage.number}-redis-user-${server}`;
}

/** `{prefix}-{service}`, unless the service names its own (`000-017`, `000-150`). Replicas share it as a network alias. */
export function containerName(stage: StageDefinition, serviceName: string): string {
  return (
    stage.services[serviceName]?.containerName ?? `${stage.containerPrefix ?? stage.name}-${serviceName}`
  );
}

/** Every container of a service: the exact name for one, `-1` to `-n` for more (C-17). */
export function containerNames(stage: StageDefinition, serviceName: string): string[] {
  return numbered(containerName(stage, serviceName), stage.services[serviceName]?.replicas ?? 1);
}

/** The name for one thing, the names with `-1` to `-n` for more. */
export function numbered(name: string, count: number): string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

/** `stage{N}-{name}-{service}`, unless the service names its own (`000-037`, `000-120`). */
export function telemetryName(stage: StageDefinition, serviceName: string): string {
  return stage.services[serviceName]?.telemetryName ?? `${stageProject(stage)}-${serviceName}`;
}

/** Path prefix at the gateway, `/api/v1/{name}` unless the stage names its own (`000-071`). */
export function routePrefix(stage: StageDefinition): string {
  return stage.route?.prefix ?? `/api/v1/${stage.name}`;
}

/** Whether the gateway leads to the service. */
export function isEntry({ kind }: StageService): boolean {
  return kind === "orchestrator" || kind === "frontend";
}

/** Port in the container: 8000 for the entry (`000-043`), none for others unless given. */
export function servicePort(service: StageService): number | undefined {
  return service.port ?? (isEntry(service) ? 8000 : undefined);
}

/** Name of the service to which the gateway leads. Throws when there is none: the checks run before. */
export function entryName(stage: StageDefinition): string {
  const entry = Object.entries(stage.services).find(([, service]) => isEntry(service));
  if (entry === undefined) throw new Error(`stage ${stage.name} has no orchestrator and no frontend`);
  return entry[0];
}

/** Address of the stage for other stages, `http://{container}:{port}` (`000-154`). */
export function internalUrl(stage: StageDefinition): string {
  const entry = entryName(stage);
  return `http://${containerName(stage, entry)}:${servicePort(stage.services[entry] as StageService)}`;
}

/** Stores that the stage's services are given: Redis and PostgreSQL unless the stage lists its own. */
export function storesOf({ stores }: StageDefinition): readonly StoreName[] {
  return stores ?? ["redis", "postgres"];
}

export function usesStore(stage: StageDefinition, store: StoreName): boolean {
  return storesOf(stage).includes(store);
}

/** Volume of the host, `storytelling-stage{N}-{name}`. */
export function volumeName(stage: StageDefinition, name: string): string {
  return `storytelling-stage${stage.number}-${name}`;
}

/** Where the files that a stage shares are mounted in every container that sees them (`002-073`). */
export function sharedPath(stage: StageDefinition): string {
  return `/shared/stage${stage.number}`;
}

/** Variable by which the stage's services find an internal one, `NER_SERVICE_URL` for `ner-service` (`000-038`). */
export function urlVariable(serviceName: string): string {
  return `${serviceName.replaceAll("-", "_").toUpperCase()}_URL`;
}

/** Variable by which a stage finds one that it calls, `NLP_SERVICE_URL` for `nlp` (`003-083`). */
export function peerUrlVariable(stageName: string): string {
  return `${stageName.replaceAll("-", "_").toUpperCase()}_SERVICE_URL`;
}
