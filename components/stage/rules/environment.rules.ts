import type { Problem } from "../../core/errors.ts";
import type { StageDefinition, StoreName } from "../definition.ts";
import { jwtVariables, usesIdentity } from "../environment/identity-service.ts";
import { peerUrlVariable, storesOf, urlVariable } from "../names.ts";

const LOCAL_ADDRESS = /\b(localhost|127\.\d+\.\d+\.\d+)\b|\[::1\]/;

/** What the platform injects into every service. Definitions cannot change it, so one that tries is mistaken. */
const INJECTED =
  /^(STAGE_(NUMBER|NAME)|SERVICE(_NAME|_VERSION|_PORT)?|LOG_LEVEL|OTEL_(EXPORTER_OTLP_ENDPOINT|SERVICE_NAME|RESOURCE_ATTRIBUTES)|CELERY_(QUEUES|CONCURRENCY)|EVENT_\w+|STAGE\d+_(POSTGRES_\w+|DATABASE_URL|EVENT_\w+))$/;

/** What it injects for each store of a stage; without the store, the names are the stage's own. */
const INJECTED_FOR: Readonly<Record<StoreName, RegExp>> = {
  redis: /^((REDIS|REDIS_CACHE)_(HOST|PORT|DB|URL|USERNAME|PASSWORD)|CELERY_(BROKER_URL|RESULT_BACKEND))$/,
  postgres:
    /^(POSTGRES_(HOST|PORT|DB|USER|PASSWORD)|(ASYNC_)?DATABASE_URL|DATABASE_(POOL_SIZE|MAX_OVERFLOW))$/,
  "shared-database": /^SHARED_(POSTGRES_(HOST|PORT|DB|USER|PASSWORD)|DATABASE_URL)$/,
  elasticsearch: /^ELASTICSEARCH_(URL|USER|PASSWORD)$/,
  neo4j: /^NEO4J_(URL|USER|PASSWORD)$/,
};

/** What is wrong with the variables that a definition adds. */
export function environmentProblems(stage: StageDefinition): Problem[] {
  const key = `stages.${stage.name}`;
  const added = [
    [key, stage] as const,
    ...Object.entries(stage.services).map(([name, service]) => [`${key}.services.${name}`, service] as const),
  ];
  const isInjected = injectedInto(stage);
  return added.flatMap(([owner, { environment, secretEnvironment }]) => [
    ...addressProblems(`${owner}.environment`, environment),
    ...injectedProblems(`${owner}.environment`, isInjected, environment),
    ...injectedProblems(`${owner}.secretEnvironment`, isInjected, secretEnvironment),
  ]);
}

/** Whether the platform gives the stage a variable of that name. */
function injectedInto(stage: StageDefinition): (variable: string) => boolean {
  const { services, calls = [], subscribes, database } = stage;
  const patterns = [INJECTED, ...storesOf(stage).map((store) => INJECTED_FOR[store])];
  const internal = Object.keys(services).filter((name) => services[name]?.kind === "internal");
  const extras = (database?.extra ?? []).map((extra) => extra.toUpperCase());
  const derived = new Set([
    ...internal.map(urlVariable),
    ...calls.map(peerUrlVariable),
    ...extras.flatMap((extra) => [`${extra}_POSTGRES_DB`, `${extra}_DATABASE_URL`]),
    ...(Object.values(services).some(usesIdentity) ? ["IDENTITY_SERVICE_URL"] : []),
    ...Object.values(services).flatMap((service) => Object.values(jwtVariables(service) ?? {})),
    ...(subscribes === undefined ? [] : ["ORCHESTRATOR_URL", "AUTO_PROCESS"]),
  ]);
  return (variable) => derived.has(variable) || patterns.some((pattern) => pattern.test(variable));
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

function injectedProblems(
  key: string,
  isInjected: (variable: string) => boolean,
  environment: Readonly<Record<string, string>> = {},
): Problem[] {
  return Object.keys(environment)
    .filter(isInjected)
    .map((variable) => ({
      key: `${key}.${variable}`,
      reason: `got a value of its own, and the platform injects ${variable}; remove it, or change the field of the definition from which it is derived`,
    }));
}
