import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { definitionProblems } from "../../components/stage/definition-problems.ts";
import {
  brokerDatabase,
  cacheDatabase,
  containerName,
  databaseName,
  routePrefix,
} from "../../components/stage/names.ts";
import type { Deployment } from "../config/load.ts";

/** What one deployment is made of, as far as its parts can contradict each other. */
export interface DeploymentPlan extends Deployment {
  /** Every stage that is named, running or not. */
  readonly stages: readonly StageDefinition[];
  /** Those whose containers run. */
  readonly running: readonly StageDefinition[];
  /** Databases of each Redis server. */
  readonly redisDatabases: number;
}

/** Every contradiction between the parts of a deployment; the checks of single values have run before. */
export function deploymentProblems(plan: DeploymentPlan): Problem[] {
  return [
    ...plan.stages.flatMap(definitionProblems),
    ...duplicates(plan.stages, "number", ({ number }) => [String(number)]),
    ...duplicates(plan.stages, "name", ({ name }) => [name]),
    ...duplicates(plan.stages, "container name", (stage) =>
      Object.keys(stage.services).map((service) => containerName(stage, service)),
    ),
    ...duplicates(plan.stages, "database", (stage) => [databaseName(stage)]),
    ...shadowedRoutes(plan.stages),
    ...redisDatabaseProblems(plan),
    ...hostPortProblems(plan),
    ...cpuProblems(plan),
  ];
}

function duplicates(
  stages: readonly StageDefinition[],
  what: string,
  values: (stage: StageDefinition) => readonly string[],
): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const stage of stages) {
    for (const value of values(stage)) {
      const owner = owners.get(value);
      if (owner !== undefined) {
        problems.push({
          key: `stages.${stage.name}`,
          reason: `got the ${what} "${value}", which stage "${owner}" already has; each stage needs its own, change one of the two`,
        });
      }
      owners.set(value, stage.name);
    }
  }
  return problems;
}

/** The gateway matches prefixes letter by letter: `/api/v1/nlp` would also answer for `/api/v1/nlp2` (`000-191`). */
function shadowedRoutes(stages: readonly StageDefinition[]): Problem[] {
  return stages.flatMap((stage) =>
    stages
      .filter((other) => other !== stage && routePrefix(other).startsWith(routePrefix(stage)))
      .map((other) => ({
        key: `stages.${other.name}.route.prefix`,
        reason: `got "${routePrefix(other)}", which the route "${routePrefix(stage)}" of stage "${stage.name}" also matches; choose prefixes of which none begins with another`,
      })),
  );
}

function redisDatabaseProblems({ stages, redisDatabases }: DeploymentPlan): Problem[] {
  return stages
    .filter((stage) => Math.max(brokerDatabase(stage), cacheDatabase(stage)) >= redisDatabases)
    .map((stage) => ({
      key: `stages.${stage.name}.number`,
      reason: `got ${stage.number}, which needs the Redis databases ${brokerDatabase(stage)} and ${cacheDatabase(stage)}; there are ${redisDatabases}, give the stage a lower number`,
    }));
}

function hostPortProblems({ config }: DeploymentPlan): Problem[] {
  const owners = new Map<number, string>();
  const problems: Problem[] = [];
  for (const [service, port] of Object.entries(config.hostPorts)) {
    if (service === "grafana" && !config.grafana.enabled) continue;
    const owner = owners.get(port);
    if (owner !== undefined) {
      problems.push({
        key: `hostPorts.${service}`,
        reason: `got ${port}, which hostPorts.${owner} already has; every port of the host has one owner, choose another from 1 to 65535`,
      });
    }
    owners.set(port, service);
  }
  return problems;
}

/** Docker refuses a container whose limit exceeds the host; better known before than half way through (C-40). */
function cpuProblems({ running, hostCpus, config }: DeploymentPlan): Problem[] {
  return running.flatMap((stage) =>
    Object.entries(stage.services)
      .filter(([, { limits }]) => limits?.cpus > hostCpus)
      .map(([name, { limits }]) => ({
        key: `stages.${stage.name}.services.${name}.limits.cpus`,
        reason: `got ${limits.cpus}, the Docker host has ${hostCpus}; lower the limit, or set limitScale (now ${config.limitScale}) to at most ${scaleThatFits(limits.cpus, hostCpus, config.limitScale)}`,
      })),
  );
}

function scaleThatFits(cpus: number, hostCpus: number, scale: number): number {
  return Math.floor((hostCpus / (cpus / scale)) * 100) / 100;
}
