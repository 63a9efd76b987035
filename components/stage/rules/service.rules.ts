import type { Problem } from "../../core/errors.ts";
import { isSize, toMegabytes } from "../../core/units.ts";
import type { ServiceKind, StageDefinition, StageService } from "../definition.ts";
import { isEntry } from "../names.ts";
import { SHARED_FILES } from "../service-mounts.ts";
import { serviceProbe } from "../service-probe.ts";

/** Fields that mean something for these kinds only. */
const FIELDS_OF_KINDS: Readonly<Partial<Record<keyof StageService, readonly ServiceKind[]>>> = {
  celeryApp: ["worker", "scheduler"],
  queues: ["worker"],
  concurrency: ["worker"],
  // The sources' commands and checks find the broker by the entry's variables (`000-137`), and a job takes no events.
  mainRedis: ["worker", "scheduler", "internal", "consumer"],
};

const LIST = new Intl.ListFormat("en", { type: "conjunction" });

/** One container is enough, or two would do the same work twice. */
const SINGLE: readonly ServiceKind[] = ["scheduler", "job"];

/** What is wrong with the services of a stage, each by itself and together. */
export function serviceProblems(stage: StageDefinition): Problem[] {
  return [
    ...entryProblems(stage),
    ...schedulerProblems(stage),
    ...Object.entries(stage.services).flatMap(([name, service]) => {
      const key = `stages.${stage.name}.services.${name}`;
      return [
        ...kindProblems(key, service),
        ...limitProblems(key, service),
        ...probeProblems(key, service),
        ...volumeProblems(key, service),
        ...readOnlyProblems(key, service, stage),
      ];
    }),
  ];
}

function entryProblems(stage: StageDefinition): Problem[] {
  const entries = namesOf(stage, isEntry);
  if (entries.length === 1) return [];
  const found = entries.length > 0 ? ` (${entries.join(", ")})` : "";
  return [
    {
      key: `stages.${stage.name}.services`,
      reason: `got ${entries.length} services to which the gateway could lead${found}, a stage has exactly one, of kind "orchestrator" or "frontend"; give the others another kind, for example "internal", or add one`,
    },
  ];
}

function schedulerProblems(stage: StageDefinition): Problem[] {
  const schedulers = namesOf(stage, ({ kind }) => kind === "scheduler");
  if (schedulers.length < 2) return [];
  return [
    {
      key: `stages.${stage.name}.services`,
      reason: `got ${schedulers.length} schedulers (${schedulers.join(", ")}), a stage has at most one, or every task is sent twice; keep one`,
    },
  ];
}

function namesOf(stage: StageDefinition, matches: (service: StageService) => boolean): string[] {
  return Object.entries(stage.services)
    .filter(([, service]) => matches(service))
    .map(([name]) => name);
}

function kindProblems(key: string, service: StageService): Problem[] {
  const misplaced = Object.entries(FIELDS_OF_KINDS)
    .filter(
      ([field, kinds]) => service[field as keyof StageService] !== undefined && !kinds.includes(service.kind),
    )
    .map(([field, kinds]) => ({
      key: `${key}.${field}`,
      reason: `got ${JSON.stringify(service[field as keyof StageService])} on a service of kind "${service.kind}", it means something for ${LIST.format(kinds)} only; remove it`,
    }));
  const { replicas = 1 } = service;
  if (replicas === 1 || !SINGLE.includes(service.kind)) return misplaced;
  return [
    ...misplaced,
    {
      key: `${key}.replicas`,
      reason: `got ${replicas}, a ${service.kind} runs exactly once; remove it`,
    },
  ];
}

function limitProblems(key: string, { limits }: StageService): Problem[] {
  const { memory, memoryReservation: reservation } = limits ?? {};
  if (memory === undefined || reservation === undefined) return [];
  // A size that is written wrongly is told by the shape.
  if (!isSize(memory) || !isSize(reservation) || toMegabytes(reservation) <= toMegabytes(memory)) return [];
  return [
    {
      key: `${key}.limits.memoryReservation`,
      reason: `got "${reservation}", a reservation is at most the limit of "${memory}" (000-056); lower the one or raise the other`,
    },
  ];
}

/** A job ends and is not asked; for every other service there has to be a way (`004-065`). */
function probeProblems(key: string, service: StageService): Problem[] {
  if (service.kind === "job" || serviceProbe(service) !== undefined) return [];
  return [
    {
      key: `${key}.health`,
      reason: `got nothing, a ${service.kind} without a port has no default probe; give a commandProbe or processProbe, or noProbe with the reason`,
    },
  ];
}

function volumeProblems(key: string, { volumes = [], files = [] }: StageService): Problem[] {
  const paths = [...volumes, ...files].map(({ path }) => path);
  const twice = paths.filter((path, index) => paths.indexOf(path) !== index);
  const reserved = volumes.filter(({ name }) => name === SHARED_FILES);
  return [
    ...[...new Set(twice)].map((path) => ({
      key: `${key}.volumes`,
      reason: `got the path "${path}" twice; give each volume and file its own`,
    })),
    ...reserved.map(({ name }) => ({
      key: `${key}.volumes`,
      reason: `got the name "${name}", which is that of the files that a stage shares; rename it, or set sharedFiles`,
    })),
  ];
}

/** Files are copied into a container before it starts, which Docker refuses while its root is read-only. */
function readOnlyProblems(
  key: string,
  service: StageService,
  { subscribes = [] }: StageDefinition,
): Problem[] {
  if (service.readOnlyRoot !== true) return [];
  const sources = [
    ...((service.files ?? []).length > 0 ? ["files"] : []),
    ...(Object.keys(service.secretFiles ?? {}).length > 0 ? ["secretFiles"] : []),
    ...(service.kind === "consumer" && subscribes.length > 0 ? ["the settings of its subscriptions"] : []),
  ];
  if (sources.length === 0) return [];
  return [
    {
      key: `${key}.readOnlyRoot`,
      reason: `got true on a service with ${LIST.format(sources)}, Docker copies no file into a container with a read-only root; bring the files with the image and secrets by secretEnvironment, or remove readOnlyRoot`,
    },
  ];
}
