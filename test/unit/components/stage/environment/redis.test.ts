import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import type { StageDefinition } from "../../../../../components/stage/definition.ts";
import { redisEnvironment } from "../../../../../components/stage/environment/redis.ts";
import { startMocks } from "../../../../support/mocks.ts";
import { valueOf } from "../../../../support/outputs.ts";
import { AWKWARD_PASSWORD } from "../fixtures.ts";

const CLEANING: StageDefinition = {
  number: 1,
  name: "cleaning",
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
  publishes: { types: ["com.storytelling.cleaning.document.cleaned"] },
};
const NLP: StageDefinition = {
  number: 2,
  name: "nlp",
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
  subscribes: [{ from: "cleaning" }],
};
const BROKER = { host: "redis-broker", port: 6379, databases: 32, ready: [] };
const CACHE = { ...BROKER, host: "redis-cache" };
const EVENTS = { kind: "consumer", mainRedis: "events" } as const;

beforeEach(async () => {
  await startMocks();
});

test("a service that wants its events as main Redis finds the stream there, and Celery the broker (C-08)", () => {
  const connections = { broker: BROKER, cache: CACHE, peers: [CLEANING, NLP] };

  expect(redisEnvironment(NLP, EVENTS, connections)).toMatchObject({
    REDIS_HOST: "redis-cache",
    REDIS_PORT: "6379",
    REDIS_DB: "1",
    REDIS_URL: "redis://redis-cache:6379/1",
    REDIS_CACHE_DB: "3",
    CELERY_BROKER_URL: "redis://redis-broker:6379/2",
  });
});

test("while the producer is not attached, its main Redis is the broker", () => {
  const environment = redisEnvironment(NLP, EVENTS, { broker: BROKER, cache: CACHE, peers: [NLP] });

  expect(environment).toMatchObject({ REDIS_HOST: "redis-broker", REDIS_DB: "2" });
  expect(Object.keys(environment).filter((name) => /USER|PASSWORD/.test(name))).toEqual([]);
});

test("a login is in parts as it is, and encoded in every URL", async () => {
  const login = { user: "stage2", password: pulumi.secret(AWKWARD_PASSWORD) };
  const connections = { broker: { ...BROKER, login }, cache: { ...CACHE, login }, peers: [] };
  const environment = redisEnvironment(NLP, { kind: "orchestrator" }, connections);
  const encoded = `stage2:${encodeURIComponent(AWKWARD_PASSWORD)}`;

  expect(await valueOf(environment)).toMatchObject({
    REDIS_USERNAME: "stage2",
    REDIS_PASSWORD: AWKWARD_PASSWORD,
    REDIS_URL: `redis://${encoded}@redis-broker:6379/2`,
    REDIS_CACHE_USERNAME: "stage2",
    REDIS_CACHE_PASSWORD: AWKWARD_PASSWORD,
    CELERY_RESULT_BACKEND: `redis://${encoded}@redis-cache:6379/3`,
  });
  expect(await pulumi.isSecret(pulumi.output(environment["REDIS_URL"]))).toBe(true);
});
