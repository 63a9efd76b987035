import type { Problem } from "../../components/core/errors.ts";
import { definitionProblems } from "../../components/stage/definition-problems.ts";
import { brokerDatabase, cacheDatabase } from "../../components/stage/names.ts";
import { serviceLimits } from "../../components/stage/profiles.ts";
import { platformPorts } from "../host-ports.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { duplicateProblems } from "./duplicate-problems.ts";
import { entranceProblems } from "./entrance-problems.ts";
import { gatewayProblems } from "./gateway-problems.ts";
import { gpuProblems } from "./gpu-problems.ts";
import { identityProblems } from "./identity-problems.ts";
import { relationProblems } from "./relation-problems.ts";
import { routeProblems } from "./route-problems.ts";
import { secretProblems } from "./secret-problems.ts";
import { stageDataProblems } from "./stage-data-problems.ts";
import { standaloneProblems } from "./standalone-problems.ts";

/** Every contradiction between the parts of a deployment; the checks of single values have run before. */
export function deploymentProblems(plan: DeploymentPlan): Problem[] {
  const problems = plan.stages.flatMap(definitionProblems);
  // A definition that is wrong in itself would only be told again in other words.
  if (problems.length > 0) return problems;
  return [
    ...duplicateProblems(plan.stages),
    ...routeProblems(plan.stages),
    ...entranceProblems(plan),
    ...gatewayProblems(plan),
    ...identityProblems(plan),
    ...redisDatabaseProblems(plan),
    ...hostPortProblems(plan),
    ...cpuProblems(plan),
    ...stageDataProblems(plan),
    ...standaloneProblems(plan),
    ...relationProblems(plan),
    ...secretProblems(plan),
    ...gpuProblems(plan),
  ];
}

function redisDatabaseProblems({ stages, redisDatabases }: DeploymentPlan): Problem[] {
  return stages.flatMap((stage) => {
    const key = `stages.${stage.name}`;
    const [broker, cache, events = 0] = [
      brokerDatabase(stage),
      cacheDatabase(stage),
      stage.publishes?.location?.database,
    ];
    return [
      ...(Math.max(broker, cache) >= redisDatabases
        ? [
            {
              key: `${key}.number`,
              reason: `got ${stage.number}, which needs the Redis databases ${broker} and ${cache}; there are ${redisDatabases}, give the stage a lower number`,
            },
          ]
        : []),
      ...(events >= redisDatabases
        ? [
            {
              key: `${key}.publishes.location.database`,
              reason: `got ${events}, there are ${redisDatabases} Redis databases from 0 on; choose a lower one`,
            },
          ]
        : []),
    ];
  });
}

function hostPortProblems({ config }: DeploymentPlan): Problem[] {
  const owners = new Map<number, string>();
  const problems: Problem[] = [];
  for (const { name, port } of platformPorts(config)) {
    const owner = owners.get(port);
    if (owner !== undefined) {
      problems.push({
        key: `hostPorts.${name}`,
        reason: `got ${port}, which hostPorts.${owner} already has; every port of the host has one owner, choose another from 1 to 65535`,
      });
    }
    owners.set(port, name);
  }
  return problems;
}

/** Docker refuses a container whose limit exceeds the host; better known before than half way through (C-40). */
function cpuProblems({ running, hostCpus, config }: DeploymentPlan): Problem[] {
  return running.flatMap((stage) =>
    Object.keys(stage.services)
      .map((name) => ({ name, cpus: serviceLimits(stage, name).cpus }))
      .filter(({ cpus }) => cpus > hostCpus)
      .map(({ name, cpus }) => ({
        key: `stages.${stage.name}.services.${name}.limits.cpus`,
        reason: `got ${cpus}, the Docker host has ${hostCpus}; lower the limit, or set limitScale (now ${config.limitScale}) to at most ${scaleThatFits(cpus, hostCpus, config.limitScale)}`,
      })),
  );
}

function scaleThatFits(cpus: number, hostCpus: number, scale: number): number {
  return Math.floor((hostCpus / (cpus / scale)) * 100) / 100;
}
