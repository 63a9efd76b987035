import type { StageDefinition, StageService } from "../../components/stage/definition.ts";
import type { ServiceDeclarations, StageDeclarations } from "./project.ts";

/** What the containers of a file show, and its name. */
const SHOWN: ReadonlySet<string> = new Set([
  "number",
  "name",
  "image",
  "services",
  "environment",
  "secretEnvironment",
]);

/** What a file says of a stage beside its containers. */
export function stageDeclarations(stage: StageDefinition): StageDeclarations {
  return Object.fromEntries(Object.entries(stage).filter(([field]) => !SHOWN.has(field)));
}

/** What a file says of a service beside its container. */
export function serviceDeclarations(service: StageService): ServiceDeclarations {
  const { kind, celeryApp, queues, concurrency, port, metrics, mainRedis, telemetryName, health } = service;
  const { identity, jwt } = service;
  return {
    kind,
    celeryApp,
    queues,
    concurrency,
    port,
    metrics,
    identity,
    jwt,
    mainRedis,
    telemetryName,
    ...(health?.kind === "none" ? { noProbe: health.reason } : {}),
  };
}
