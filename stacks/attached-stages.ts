import type { ResourceLimits } from "../components/core/managed-container.ts";
import { toMegabytes } from "../components/core/units.ts";
import type { StageDefinition, StageService } from "../components/stage/definition.ts";
import { serviceLimits } from "../components/stage/profiles.ts";
import { STAGE_CATALOG } from "./catalog/stages/index.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { withIdentity } from "./identity.ts";
import { standaloneDefinition } from "./standalone-definition.ts";

/** A Python process with its libraries does not start with less; a smaller limit of the definition stays as it is. */
const SMALLEST_MEMORY_MB = 192;
const SMALLEST_CPUS = 0.25;

/** A stage that this deployment names. */
export interface AttachedStage {
  /** The catalogue's definition with what the configuration changes of it. */
  readonly definition: StageDefinition;
  /** Whether its containers run. Its database is there either way, so that switching a stage off loses nothing. */
  readonly enabled: boolean;
}

/** The stages that this deployment names, in the order of their numbers. */
export function attachedStages(config: PlatformConfig): AttachedStage[] {
  return STAGE_CATALOG.flatMap((stage) => {
    const settings = config.stages[stage.name];
    return settings === undefined
      ? []
      : [{ definition: configuredStage(stage, config), enabled: settings.enabled }];
  });
}

/** Each stage after those that it calls (`004-027`). Stages that call each other in a ring are refused before. */
export function inStartOrder(stages: readonly AttachedStage[]): AttachedStage[] {
  const ordered = new Set<AttachedStage>();
  const add = (stage: AttachedStage): void => {
    const called = stages.filter(({ definition }) => stage.definition.calls?.includes(definition.name));
    called.filter((each) => !ordered.has(each)).forEach(add);
    ordered.add(stage);
  };
  stages.forEach(add);
  return [...ordered];
}

/** A definition of the catalogue with what the configuration changes of it. */
export function configuredStage(given: StageDefinition, config: PlatformConfig): StageDefinition {
  const stage = config.mode === "standalone" ? standaloneDefinition(given) : withIdentity(given, config);
  const settings = config.stages[stage.name];
  const services = Object.entries(stage.services).map(([name, service]) => {
    const limits = scaled(serviceLimits(stage, name), config.limitScale);
    const kept = settings?.image === undefined ? service : forOtherImage(service);
    return [name, { ...kept, limits }] as const;
  });
  return {
    ...stage,
    services: Object.fromEntries(services),
    ...(settings?.logLevel === undefined ? {} : { logLevel: settings.logLevel }),
    ...(settings?.image === undefined ? {} : { image: { reference: settings.image } }),
  };
}

/** Who runs and what is written is known of the definition's image only, unless the service has one of its own. */
function forOtherImage(service: StageService): StageService {
  if (service.image !== undefined) return service;
  const { user: _user, readOnlyRoot: _readOnlyRoot, ...rest } = service;
  return rest;
}

function scaled(limits: ResourceLimits, factor: number): ResourceLimits {
  if (factor === 1) return limits;
  const memory = scaledMegabytes(limits.memory, factor);
  return {
    cpus: scaledNumber(limits.cpus, factor, SMALLEST_CPUS),
    memory: `${memory} MB`,
    ...(limits.memoryReservation === undefined
      ? {}
      : { memoryReservation: `${Math.min(scaledMegabytes(limits.memoryReservation, factor), memory)} MB` }),
  };
}

function scaledMegabytes(size: ResourceLimits["memory"], factor: number): number {
  return Math.round(scaledNumber(toMegabytes(size), factor, SMALLEST_MEMORY_MB));
}

function scaledNumber(value: number, factor: number, smallest: number): number {
  return Math.min(value, Math.max(value * factor, smallest));
}
