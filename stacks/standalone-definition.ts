import type { StageDefinition } from "../components/stage/definition.ts";
import { isEntry, stageProject } from "../components/stage/names.ts";

/** Port of the host on which a stage that stands alone answers: 8001 to 8008 (`000-009`, `000-010`). */
export function standalonePort({ number }: StageDefinition): number {
  return 8000 + number;
}

/**
 * A stage without what leads to other stages, which are not there: calls, reads, subscriptions and their consumers. The
 * entry runs once, because its port has one owner. What it publishes goes to its own Redis.
 */
export function standaloneDefinition(stage: StageDefinition): StageDefinition {
  const { calls: _calls, reads: _reads, subscribes: _subscribes, services, ...own } = stage;
  const kept = Object.entries(services)
    .filter(([, { kind }]) => kind !== "consumer")
    .map(([name, service]) => [name, isEntry(service) ? { ...service, replicas: 1 } : service] as const);
  return { ...own, services: Object.fromEntries(kept) };
}

/** Names on the host of what a stage that stands alone has for itself. */
export function standaloneNames(stage: StageDefinition) {
  return {
    network: stageProject(stage),
    redis: `${stage.name}-redis`,
    redisVolume: `storytelling-standalone-${stage.name}-redis-data`,
    postgres: `${stage.name}-postgres`,
    postgresVolume: `storytelling-standalone-${stage.name}-postgres-data`,
  } as const;
}
