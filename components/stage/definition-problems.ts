import type { Problem } from "../core/errors.ts";
import { toMegabytes } from "../core/units.ts";
import type { StageDefinition, StageService } from "./definition.ts";
import { servicePort } from "./names.ts";

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LOCAL_ADDRESS = /\b(localhost|127\.\d+\.\d+\.\d+)\b|\[::1\]/;

/** Everything that is wrong with one definition, without a look at other stages or at the host. */
export function definitionProblems(stage: StageDefinition): Problem[] {
  return [
    ...numberProblems(stage),
    ...nameProblems(stage),
    ...routeProblems(stage),
    ...orchestratorProblems(stage),
    ...addressProblems(`stages.${stage.name}.environment`, stage.environment),
    ...Object.entries(stage.services).flatMap(([name, service]) => serviceProblems(stage, name, service)),
  ];
}

function numberProblems(stage: StageDefinition): Problem[] {
  if (Number.isInteger(stage.number) && stage.number >= 1 && stage.number <= 8) return [];
  return [
    {
      key: `stages.${stage.name}.number`,
      reason: `got ${stage.number}, a stage has a whole number from 1 to 8; correct it in the stage's definition`,
    },
  ];
}

function nameProblems(stage: StageDefinition): Problem[] {
  const names = [
    ["name", stage.name],
    ...Object.keys(stage.services).map((name) => ["services", name]),
  ] as const;
  return names
    .filter(([, name]) => name === undefined || !NAME.test(name) || name.length > 40)
    .map(([field, name]) => ({
      key: `stages.${stage.name}.${field}`,
      reason: `got "${name}", allowed are lower-case letters, digits and single hyphens, at most 40, starting with a letter; rename it`,
    }));
}

function routeProblems(stage: StageDefinition): Problem[] {
  const prefix = stage.route?.prefix;
  if (prefix === undefined || /^(\/[a-z0-9-]+)+$/.test(prefix)) return [];
  return [
    {
      key: `stages.${stage.name}.route.prefix`,
      reason: `got "${prefix}", a prefix is a path of lower-case words without a slash at its end, for example "/api/v1/${stage.name}"`,
    },
  ];
}

function orchestratorProblems(stage: StageDefinition): Problem[] {
  const orchestrators = Object.entries(stage.services)
    .filter(([, service]) => service.kind === "orchestrator")
    .map(([name]) => name);
  if (orchestrators.length === 1) return [];
  return [
    {
      key: `stages.${stage.name}.services`,
      reason: `got ${orchestrators.length} services of kind "orchestrator"${orchestrators.length > 0 ? ` (${orchestrators.join(", ")})` : ""}, a stage has exactly one; the others are "worker" or "internal"`,
    },
  ];
}

function serviceProblems(stage: StageDefinition, name: string, service: StageService): Problem[] {
  const key = `stages.${stage.name}.services.${name}`;
  return [
    ...publishedPortProblems(key, service),
    ...limitProblems(key, service),
    ...probeProblems(key, service),
    ...addressProblems(`${key}.environment`, service.environment),
  ];
}

/** Types forbid these fields; a definition that was generated or copied from a compose file may still have them. */
function publishedPortProblems(key: string, service: StageService): Problem[] {
  if (!("ports" in service)) return [];
  return [
    {
      key: `${key}.ports`,
      reason: `got ${JSON.stringify(service.ports)}, a stage publishes no port of the host; remove it, the gateway leads to the orchestrator (000-042)`,
    },
  ];
}

function limitProblems(key: string, service: StageService): Problem[] {
  const limits: Partial<StageService["limits"]> = service.limits ?? {};
  const problems: Problem[] = [];
  if (limits.memory === undefined) {
    problems.push({
      key: `${key}.limits.memory`,
      reason: 'got nothing, every service has a memory limit (000-054); give one, for example "512 MB"',
    });
  }
  // The provider reads less than 0.1 back as another number, which would replace the container at every refresh.
  if (limits.cpus === undefined || !(limits.cpus >= 0.1)) {
    problems.push({
      key: `${key}.limits.cpus`,
      reason: `got ${limits.cpus ?? "nothing"}, every service has a CPU limit of at least 0.1 (000-054); give one, for example 0.5`,
    });
  }
  if (limits.memory !== undefined && limits.memoryReservation !== undefined) {
    if (toMegabytes(limits.memoryReservation) > toMegabytes(limits.memory)) {
      problems.push({
        key: `${key}.limits.memoryReservation`,
        reason: `got "${limits.memoryReservation}", a reservation is at most the limit of "${limits.memory}" (000-056); lower the one or raise the other`,
      });
    }
  }
  return problems;
}

function probeProblems(key: string, service: StageService): Problem[] {
  if (service.health !== undefined || servicePort(service) !== undefined) return [];
  return [
    {
      key: `${key}.health`,
      reason: `got nothing, a ${service.kind} without a port has no default probe; give a commandProbe, or noProbe with the reason`,
    },
  ];
}

/** `localhost` in a container is the container itself: the commonest of all integration mistakes (`000-123`, `000-179`). */
function addressProblems(key: string, environment: Readonly<Record<string, string>> = {}): Problem[] {
  return Object.entries(environment)
    .filter(([, value]) => LOCAL_ADDRESS.test(value))
    .map(([variable, value]) => ({
      key: `${key}.${variable}`,
      reason: `got "${value}", in a container localhost is the container itself; use the name of the service, for example "redis-broker" or "nlp-orchestrator"`,
    }));
}
