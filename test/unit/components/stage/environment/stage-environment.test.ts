import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { Environment } from "../../../../../components/core/environment.ts";
import type { StageDefinition } from "../../../../../components/stage/definition.ts";
import { stageEnvironment } from "../../../../../components/stage/environment/stage-environment.ts";
import { usesStore } from "../../../../../components/stage/names.ts";
import { STAGE_CATALOG } from "../../../../../stacks/catalog/stages/index.ts";
import { startMocks } from "../../../../support/mocks.ts";
import { valueOf } from "../../../../support/outputs.ts";
import { AWKWARD_PASSWORD, FULL_STAGE, MINIMAL_STAGE } from "../fixtures.ts";

beforeEach(async () => {
  await startMocks();
});

function environment(
  stage: StageDefinition,
  service: string,
  logLevel: "INFO" | "DEBUG" = "INFO",
  password = "hush",
): Environment {
  const connections = {
    broker: { host: "redis-broker", port: 6379, databases: 32, ready: [] },
    cache: { host: "redis-cache", port: 6379, databases: 32, ready: [] },
    database: {
      host: "postgres",
      port: 5432,
      database: `stage${stage.number}_${stage.name}`,
      user: `stage${stage.number}_user`,
      password: pulumi.secret(password),
      ready: [],
    },
    tracing: { url: "http://tempo:4317" },
    peers: [stage],
  };
  return stageEnvironment(stage, service, {
    connections,
    secret: (name) => pulumi.secret(`value of ${name}`),
    defaultLogLevel: logLevel,
  });
}

async function resolved(stage: StageDefinition, service: string): Promise<Record<string, string>> {
  return valueOf(environment(stage, service));
}

describe("the environment of the sources' examples", () => {
  test("stage 1, cleaning, orchestrator (000-019 to 000-038, 000-108, 000-109, 000-200 to 000-202)", async () => {
    expect(await resolved(catalogued("cleaning"), "orchestrator")).toEqual({
      STAGE_NUMBER: "1",
      STAGE_NAME: "cleaning",
      SERVICE: "orchestrator",
      SERVICE_NAME: "stage1-cleaning",
      SERVICE_VERSION: "1.0.0",
      SERVICE_PORT: "8000",
      LOG_LEVEL: "INFO",
      REDIS_HOST: "redis-broker",
      REDIS_PORT: "6379",
      REDIS_DB: "0",
      REDIS_URL: "redis://redis-broker:6379/0",
      REDIS_CACHE_HOST: "redis-cache",
      REDIS_CACHE_PORT: "6379",
      REDIS_CACHE_DB: "1",
      REDIS_CACHE_URL: "redis://redis-cache:6379/1",
      CELERY_BROKER_URL: "redis://redis-broker:6379/0",
      CELERY_RESULT_BACKEND: "redis://redis-cache:6379/1",
      POSTGRES_HOST: "postgres",
      POSTGRES_PORT: "5432",
      POSTGRES_DB: "stage1_cleaning",
      POSTGRES_USER: "stage1_user",
      POSTGRES_PASSWORD: "hush",
      DATABASE_URL: "postgresql://stage1_user:hush@postgres:5432/stage1_cleaning",
      ASYNC_DATABASE_URL: "postgresql+asyncpg://stage1_user:hush@postgres:5432/stage1_cleaning",
      DATABASE_POOL_SIZE: "10",
      DATABASE_MAX_OVERFLOW: "10",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://tempo:4317",
      OTEL_SERVICE_NAME: "stage1-cleaning-orchestrator",
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=storytelling,stage=1,service=orchestrator",
      EVENT_PUBLISH_STREAM: "stage1:cleaning:events",
      EVENT_PUBLISH_URL: "redis://redis-cache:6379/1",
      EVENT_PUBLISH_TYPES:
        "com.storytelling.cleaning.document.cleaned,com.storytelling.cleaning.job.completed",
      EVENT_PUBLISH_MAX_LENGTH: "100000",
    });
  });

  test("stage 3, embeddings, worker (000-052, 000-111, 000-203 to 000-206)", async () => {
    expect(await resolved(catalogued("embeddings"), "celery-worker")).toMatchObject({
      STAGE_NUMBER: "3",
      SERVICE: "celery-worker",
      SERVICE_NAME: "stage3-embeddings",
      REDIS_DB: "4",
      REDIS_CACHE_DB: "5",
      CELERY_BROKER_URL: "redis://redis-broker:6379/4",
      CELERY_RESULT_BACKEND: "redis://redis-cache:6379/5",
      POSTGRES_DB: "stage3_embeddings",
      POSTGRES_USER: "stage3_user",
      OTEL_SERVICE_NAME: "stage3-embeddings-celery-worker",
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=storytelling,stage=3,service=celery-worker",
    });
  });

  test("stage 7, the public API (000-113 to 000-115, 000-207 to 000-209)", async () => {
    expect(await resolved(catalogued("api"), "api")).toMatchObject({
      SERVICE: "api",
      SERVICE_NAME: "stage7-api",
      REDIS_DB: "12",
      REDIS_CACHE_DB: "13",
      CELERY_BROKER_URL: "redis://redis-broker:6379/12",
      CELERY_RESULT_BACKEND: "redis://redis-cache:6379/13",
      POSTGRES_DB: "stage7_api",
      POSTGRES_USER: "stage7_user",
      OTEL_SERVICE_NAME: "stage7-api",
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=storytelling,stage=7,service=api",
    });
  });
});

const withStores = STAGE_CATALOG.filter((stage) => usesStore(stage, "redis"));

describe.each(withStores.map((stage) => [stage.name, stage] as const))("every service of %s", (_, stage) => {
  const services = Object.keys(stage.services);

  test("has the same stores: Celery, Redis, PostgreSQL and tracing (000-050, 000-183, 000-184)", async () => {
    const own = new Set(["SERVICE", "SERVICE_PORT", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"]);
    const shared = await Promise.all(
      services.map(async (service) =>
        Object.entries(await resolved(stage, service)).filter(([key]) => !own.has(key)),
      ),
    );

    for (const entries of shared) expect(entries).toEqual(shared[0]);
    expect(Object.keys(Object.fromEntries(shared[0] ?? []))).toContain("CELERY_BROKER_URL");
  });

  test("has every variable that the worker template of the sources forgets (000-182)", async () => {
    for (const service of services) {
      expect(Object.keys(await resolved(stage, service))).toEqual(
        expect.arrayContaining([
          "REDIS_PORT",
          "REDIS_DB",
          "REDIS_CACHE_PORT",
          "REDIS_CACHE_DB",
          "POSTGRES_PORT",
          "POSTGRES_PASSWORD",
        ]),
      );
    }
  });

  test("is sent to no localhost and to nothing undefined", async () => {
    for (const service of services) {
      const values = Object.values(await resolved(stage, service)).join("\n");
      expect(values).not.toMatch(/localhost|127\.0\.0\.1|undefined|null|NaN|\[object/);
    }
  });
});

describe("the password", () => {
  const secretVariables = ["POSTGRES_PASSWORD", "DATABASE_URL", "ASYNC_DATABASE_URL"];

  test("is secret wherever it stands, and nothing else is", async () => {
    const secrets: string[] = [];
    for (const [key, value] of Object.entries(environment(FULL_STAGE, "celery-worker"))) {
      if (await pulumi.isSecret(pulumi.output(value))) secrets.push(key);
    }

    expect(secrets.sort()).toEqual(secretVariables.sort());
  });

  test("is escaped in a URL and left alone outside one", async () => {
    const { POSTGRES_PASSWORD, DATABASE_URL, ASYNC_DATABASE_URL } = await valueOf(
      environment(FULL_STAGE, "orchestrator", "INFO", AWKWARD_PASSWORD),
    );

    expect(POSTGRES_PASSWORD).toBe(AWKWARD_PASSWORD);
    for (const url of [DATABASE_URL, ASYNC_DATABASE_URL]) {
      const { password, username, hostname, port, pathname } = new URL(String(url));
      expect(decodeURIComponent(password)).toBe(AWKWARD_PASSWORD);
      expect([username, hostname, port, pathname]).toEqual([
        "stage4_user",
        "postgres",
        "5432",
        "/stage4_topic-models",
      ]);
    }
  });
});

describe("what a definition adds", () => {
  const stage = {
    ...FULL_STAGE,
    version: "2.3.4",
    logLevel: "WARNING",
    environment: { MODEL: "large", BATCH: "8", REDIS_DB: "99" },
    services: {
      ...FULL_STAGE.services,
      "celery-worker": {
        ...FULL_STAGE.services["celery-worker"],
        environment: { BATCH: "32", POSTGRES_PASSWORD: "mine" },
      },
    },
  } as const satisfies StageDefinition;

  test("reaches every service, and a service's own variable wins over the stage's", async () => {
    expect(await resolved(stage, "orchestrator")).toMatchObject({ MODEL: "large", BATCH: "8" });
    expect(await resolved(stage, "celery-worker")).toMatchObject({ MODEL: "large", BATCH: "32" });
  });

  test("cannot change what the platform injects", async () => {
    expect(await resolved(stage, "celery-worker")).toMatchObject({
      REDIS_DB: "6",
      POSTGRES_PASSWORD: "hush",
    });
  });

  test("is its log level and version, else the deployment's level and 1.0.0 (000-106)", async () => {
    expect(environment(stage, "orchestrator", "DEBUG")).toMatchObject({
      LOG_LEVEL: "WARNING",
      SERVICE_VERSION: "2.3.4",
    });
    expect(environment(MINIMAL_STAGE, "orchestrator", "DEBUG")).toMatchObject({
      LOG_LEVEL: "DEBUG",
      SERVICE_VERSION: "1.0.0",
    });
  });
});

describe("internal services", () => {
  test("are found under their container's name by every service of the stage (000-038)", async () => {
    for (const service of Object.keys(FULL_STAGE.services)) {
      expect(await resolved(FULL_STAGE, service)).toMatchObject({
        NER_SERVICE_URL: "http://topic-models-ner-service:8001",
      });
    }
  });

  test("have their own port; a worker without one has none", async () => {
    expect(await resolved(FULL_STAGE, "ner-service")).toMatchObject({ SERVICE_PORT: "8001" });
    expect(await resolved(FULL_STAGE, "celery-worker")).not.toHaveProperty("SERVICE_PORT");
  });
});

function catalogued(name: string): StageDefinition {
  const stage = STAGE_CATALOG.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`the catalogue has no stage ${name}`);
  return stage;
}
