import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { containerName, containerNames, databaseNames, volumeName } from "../../components/stage/names.ts";
import { ownVolumes } from "../../components/stage/service-mounts.ts";
import { LIMITS } from "../catalog/platform-limits.ts";
import { streamNames } from "./relation-problems.ts";

/** Names on the network that are the platform's. */
const RESERVED = new Set(Object.keys(LIMITS));

const LONGEST_HOST_NAME = 63;

/** Names that two stages have, two services of one, or a stage and the platform; and names that are none. */
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
    ...stages.flatMap(siblingProblems),
    ...stages.flatMap(longNames),
    ...stages.flatMap(reservedNames),
  ];
}

/** Every name by which a container of the service is found on the network. */
function serviceHosts(stage: StageDefinition, service: string): string[] {
  const { aliases = [] } = stage.services[service] ?? {};
  return [...new Set([containerName(stage, service), ...containerNames(stage, service), ...aliases])];
}

/** The same for the stage. What two of its own services share is told by `siblingProblems`. */
export function hostNames(stage: StageDefinition): string[] {
  return [...new Set(Object.keys(stage.services).flatMap((service) => serviceHosts(stage, service)))];
}

/** Docker would give two services of a stage one name, or one name the traffic of both. */
function siblingProblems(stage: StageDefinition): Problem[] {
  const owners = new Map<string, string>();
  return Object.keys(stage.services).flatMap((service) =>
    serviceHosts(stage, service).flatMap((name) => {
      const owner = owners.get(name);
      owners.set(name, service);
      return owner === undefined
        ? []
        : [
            {
              key: `stages.${stage.name}.services.${service}`,
              reason: `got the container name or alias "${name}", which the service "${owner}" already has; change one of the two`,
            },
          ];
    }),
  );
}

/** A longer name is none in DNS, and Docker would only say so when it starts the container. */
function longNames(stage: StageDefinition): Problem[] {
  return Object.keys(stage.services).flatMap((service) =>
    serviceHosts(stage, service)
      .filter((name) => name.length > LONGEST_HOST_NAME)
      .map((name) => ({
        key: `stages.${stage.name}.services.${service}`,
        reason: `got the container name "${name}" of ${name.length} letters, a host name has at most ${LONGEST_HOST_NAME}; rename the service, or give it a containerName`,
      })),
  );
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
