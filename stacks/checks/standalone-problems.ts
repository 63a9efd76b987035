import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { containerNames, usesStore } from "../../components/stage/names.ts";
import type { PlatformConfig } from "../config/schema.ts";
import { standaloneNames, standalonePort } from "../standalone-definition.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** What a deployment cannot have whose stage stands alone (`000-009`). */
export function standaloneProblems({ config, stages }: Pick<DeploymentPlan, "config" | "stages">): Problem[] {
  if (config.mode !== "standalone") return [];
  const [stage, ...others] = stages;
  if (stage === undefined || others.length > 0) return [numberProblem(stages)];
  return [...storeProblems(stage, config), ...nameProblems(stage), ...portProblems(stage, config)];
}

function numberProblem(stages: readonly StageDefinition[]): Problem {
  const names = stages.length === 0 ? "none" : stages.map(({ name }) => name).join(", ");
  return {
    key: "stages",
    reason: `got ${names}, in the mode "standalone" a stack has exactly one stage; name one, and write another Pulumi.<stack>.yaml for each further one`,
  };
}

function storeProblems(stage: StageDefinition, config: PlatformConfig): Problem[] {
  const stores = ["elasticsearch", "neo4j"] as const;
  return [
    ...stores
      .filter((store) => config[store].enabled)
      .map((store) => ({
        key: `${store}.enabled`,
        reason: 'got true, in the mode "standalone" there are Redis and PostgreSQL only; set it to false',
      })),
    ...stores
      .filter((store) => usesStore(stage, store))
      .map((store) => ({
        key: `stages.${stage.name}.stores`,
        reason: `got "${store}", in the mode "standalone" there are Redis and PostgreSQL only; attach the stage to a platform`,
      })),
  ];
}

function nameProblems(stage: StageDefinition): Problem[] {
  const { redis, postgres } = standaloneNames(stage);
  const taken = Object.keys(stage.services).flatMap((service) => containerNames(stage, service));
  return [redis, postgres]
    .filter((name) => taken.includes(name))
    .map((name) => ({
      key: `stages.${stage.name}.services`,
      reason: `got the container name "${name}", which is that of the stage's own store in the mode "standalone"; rename the service`,
    }));
}

function portProblems(stage: StageDefinition, { hostPorts }: PlatformConfig): Problem[] {
  if (hostPorts.postgres !== standalonePort(stage)) return [];
  return [
    {
      key: "hostPorts.postgres",
      reason: `got ${hostPorts.postgres}, which is the port of the stage itself in the mode "standalone"; choose another from 1 to 65535`,
    },
  ];
}
