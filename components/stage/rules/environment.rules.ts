import type { Problem } from "../../core/errors.ts";
import type { StageDefinition } from "../definition.ts";

const LOCAL_ADDRESS = /\b(localhost|127\.\d+\.\d+\.\d+)\b|\[::1\]/;

/** What the platform injects into every service. Definitions cannot change it, so one that tries is mistaken. */
const INJECTED =
  /^(STAGE_(NUMBER|NAME)|SERVICE(_NAME|_VERSION|_PORT)?|LOG_LEVEL|(REDIS|REDIS_CACHE)_(HOST|PORT|DB|URL|USERNAME|PASSWORD)|CELERY_(BROKER_URL|RESULT_BACKEND)|POSTGRES_(HOST|PORT|DB|USER|PASSWORD)|(ASYNC_)?DATABASE_URL|OTEL_(EXPORTER_OTLP_ENDPOINT|SERVICE_NAME|RESOURCE_ATTRIBUTES)|EVENT_\w+)$/;

/** What is wrong with the variables that a definition adds. */
export function environmentProblems(stage: StageDefinition): Problem[] {
  const key = `stages.${stage.name}`;
  const added = [
    [key, stage] as const,
    ...Object.entries(stage.services).map(([name, service]) => [`${key}.services.${name}`, service] as const),
  ];
  return added.flatMap(([owner, { environment, secretEnvironment }]) => [
    ...addressProblems(`${owner}.environment`, environment),
    ...injectedProblems(`${owner}.environment`, environment),
    ...injectedProblems(`${owner}.secretEnvironment`, secretEnvironment),
  ]);
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

function injectedProblems(key: string, environment: Readonly<Record<string, string>> = {}): Problem[] {
  return Object.keys(environment)
    .filter((variable) => INJECTED.test(variable))
    .map((variable) => ({
      key: `${key}.${variable}`,
      reason: `got a value of its own, and the platform injects ${variable}; remove it, or change the field of the definition from which it is derived`,
    }));
}
