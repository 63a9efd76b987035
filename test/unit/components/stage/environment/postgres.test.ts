import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import type { PostgresDatabase } from "../../../../../components/core/handles.ts";
import type { StageConnections } from "../../../../../components/stage/environment/connections.ts";
import { postgresEnvironment } from "../../../../../components/stage/environment/postgres.ts";
import { startMocks } from "../../../../support/mocks.ts";
import { valueOf } from "../../../../support/outputs.ts";

const NOTHING: StageConnections = {
  broker: { host: "redis-broker", port: 6379, databases: 32, ready: [] },
  cache: { host: "redis-cache", port: 6379, databases: 32, ready: [] },
  peers: [],
};

beforeEach(async () => {
  await startMocks();
});

function database(name: string, user: string, password = "hush"): PostgresDatabase {
  return { host: "postgres", port: 5432, database: name, user, password: pulumi.secret(password), ready: [] };
}

test("a stage without PostgreSQL gets no variable of it", () => {
  expect(postgresEnvironment(NOTHING)).toEqual({});
});

test("a pool and its overflow are the 20 connections of one service (000-098, 003-019)", async () => {
  const environment = await valueOf(postgresEnvironment({ ...NOTHING, database: database("d", "u") }));

  expect(Number(environment["DATABASE_POOL_SIZE"]) + Number(environment["DATABASE_MAX_OVERFLOW"])).toBe(20);
});

test("a further database has its own name and URL (C-07)", async () => {
  const extraDatabases = new Map([["cache", database("stage1_cache", "stage1_user")]]);

  expect(await valueOf(postgresEnvironment({ ...NOTHING, extraDatabases }))).toEqual({
    CACHE_POSTGRES_DB: "stage1_cache",
    CACHE_DATABASE_URL: "postgresql://stage1_user:hush@postgres:5432/stage1_cache",
  });
});

test("another stage's database is read by a role of its own, under that stage's number (C-14, 002-045)", async () => {
  const readDatabases = new Map([[1, database("stage1_cleaning", "stage2_reads_stage1", "r/d")]]);

  expect(await valueOf(postgresEnvironment({ ...NOTHING, readDatabases }))).toEqual({
    STAGE1_POSTGRES_HOST: "postgres",
    STAGE1_POSTGRES_PORT: "5432",
    STAGE1_POSTGRES_DB: "stage1_cleaning",
    STAGE1_POSTGRES_USER: "stage2_reads_stage1",
    STAGE1_POSTGRES_PASSWORD: "r/d",
    STAGE1_DATABASE_URL: "postgresql://stage2_reads_stage1:r%2Fd@postgres:5432/stage1_cleaning",
  });
});

test("the shared database is the stage's own user's (C-13)", async () => {
  const sharedDatabase = database("storytelling_shared", "stage2_user");

  expect(await valueOf(postgresEnvironment({ ...NOTHING, sharedDatabase }))).toEqual({
    SHARED_POSTGRES_HOST: "postgres",
    SHARED_POSTGRES_PORT: "5432",
    SHARED_POSTGRES_DB: "storytelling_shared",
    SHARED_POSTGRES_USER: "stage2_user",
    SHARED_POSTGRES_PASSWORD: "hush",
    SHARED_DATABASE_URL: "postgresql://stage2_user:hush@postgres:5432/storytelling_shared",
  });
});

test("every password and every URL is secret", async () => {
  const environment = postgresEnvironment({
    ...NOTHING,
    database: database("d", "u"),
    extraDatabases: new Map([["cache", database("c", "u")]]),
    sharedDatabase: database("s", "u"),
    readDatabases: new Map([[1, database("r", "x")]]),
  });
  const secret = Object.entries(environment).filter(([key]) => /PASSWORD|URL/.test(key));

  expect(secret).toHaveLength(8);
  for (const [, value] of secret) expect(await pulumi.isSecret(pulumi.output(value))).toBe(true);
});
