import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { containerName, containerNames, databaseNames, volumeName } from "../../components/stage/names.ts";
import { ownVolumes } from "../../components/stage/service-mounts.ts";
import { LIMITS } from "../catalog/platform-limits.ts";
import { streamNames } from "./relation-problems.ts";

/** Names on the network that are the platform's. */
const RESERVED = new Set(Object.keys(LIMITS));

/** Names that two stages have, or a stage and the platform. */
export function duplicateProblems(stages: readonly StageDefinition[]): Problem[] {
  return [
    ...duplicates(stages, "number", ({ number }) => [String(number)]),
    ...duplicates(stages, "name", ({ name }) => [name]),
    ...duplicates(stages, "container name", hostNames),
    ...duplicates(stages, "database", databaseNames),
    ...duplicates(stages, "database user", ({ database }) =>
      database?.user === undefined ? [] : [database.user],
    ),
    ...duplicates(stages, "volume", (stage) => ownVolumes(stage).map((name) => volumeName(stage, name))),
    ...duplicates(stages, "stream", (stage) => streamNames(stage, stages)),
    ...stages.flatMap(reservedNames),
  ];
}

/** Every name by which a container of the stage is found on the network. */
function hostNames(stage: StageDefinition): string[] {
  const names = Object.entries(stage.services).flatMap(([name, { aliases = [] }]) => [
    containerName(stage, name),
    ...containerNames(stage, name),
    ...aliases,
  ]);
  return [...new Set(names)];
}

function reservedNames(stage: StageDefinition): Problem[] {
  return hostNames(stage)
    .filter((name) => RESERVED.has(name) || name.startsWith("storytelling-"))
    .map((name) => ({
      key: `stages.${stage.name}`,
      reason: `got the container name or alias "${name}", which is the platform's; choose another`,
    }));
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
