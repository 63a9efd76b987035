import { beforeAll, describe, expect, test } from "vitest";
import { environmentOf, labelsOf } from "../support/labels.ts";
import { mockPassword, type RegisteredResource } from "../support/mocks.ts";
import { hostName, ofType, type ProgramRun, registeredOutputs, runProgram } from "./program.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const CONTAINER = "docker:index/container:Container";
const SERVERS = ["storytelling-redis-broker", "storytelling-redis-cache"];

function container(run: ProgramRun, name: string): RegisteredResource {
  const found = ofType(run, CONTAINER).find((each) => hostName(each) === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

describe("Redis with authentication (C-10)", () => {
  let run: ProgramRun;
  let outputs: string;
  let passwords: string[];
  beforeAll(async () => {
    run = await runProgram({ config: { redisAuthentication: true } });
    outputs = JSON.stringify(registeredOutputs());
    passwords = ofType(run, PASSWORD)
      .filter(({ name }) => name.includes("redis"))
      .map(({ name, inputs }) => mockPassword(name, Number(inputs["length"])));
  });

  test("generates a password for each server and each stage", () => {
    expect(new Set(passwords).size).toBe(4);
  });

  test("has no password in plain text in an input, and none in a command, a label or a component's output", () => {
    for (const { urn, redacted, inputs } of run.resources) {
      const open = JSON.stringify([redacted, inputs["command"] ?? null, inputs["labels"] ?? null]);
      for (const password of passwords) expect([urn, open.includes(password)]).toEqual([urn, false]);
    }
    for (const password of passwords) expect(outputs).not.toContain(password);
  });

  test("gives every service of a stage its own user, in parts and in URLs", () => {
    const password = mockPassword("stage2-nlp-redis-password", 32);

    expect(environmentOf(container(run, "nlp-orchestrator"))).toMatchObject({
      REDIS_USERNAME: "stage2",
      REDIS_PASSWORD: password,
      REDIS_URL: `redis://stage2:${password}@redis-broker:6379/2`,
      REDIS_CACHE_USERNAME: "stage2",
      REDIS_CACHE_PASSWORD: password,
      REDIS_CACHE_URL: `redis://stage2:${password}@redis-cache:6379/3`,
      CELERY_BROKER_URL: `redis://stage2:${password}@redis-broker:6379/2`,
      CELERY_RESULT_BACKEND: `redis://stage2:${password}@redis-cache:6379/3`,
      EVENT_REDIS_URL: `redis://stage2:${password}@redis-cache:6379/1`,
    });
  });

  test("starts a stage's services after its users", () => {
    const users = ["broker", "cache"].map((server) =>
      container(run, `storytelling-stage2-redis-user-${server}`),
    );
    const services = ofType(run, CONTAINER).filter(
      (each) => labelsOf(each)["stage"] === "2" && !users.includes(each),
    );

    expect(services.length).toBeGreaterThan(1);
    for (const { options } of services) {
      expect(options.dependencies).toEqual(expect.arrayContaining(users.map(({ urn }) => urn)));
    }
  });

  test("gives the administrator's password to the servers, the stream keeper and what makes users only", () => {
    const administrators = SERVERS.map((name) => environmentOf(container(run, name))["REDISCLI_AUTH"] ?? "");
    const holders = ofType(run, CONTAINER).filter((each) =>
      administrators.some((password) => JSON.stringify(each.inputs["envs"]).includes(password)),
    );

    expect(holders.map(hostName).sort()).toEqual([
      "storytelling-event-streams",
      ...SERVERS,
      ...["1", "2"].flatMap((stage) =>
        ["broker", "cache"].map((server) => `storytelling-stage${stage}-redis-user-${server}`),
      ),
    ]);
  });

  test("changes no server and no other stage's user when a stage is attached", async () => {
    const fewer = await runProgram({ config: { redisAuthentication: true, stages: { cleaning: {} } } });

    for (const name of [...SERVERS, "storytelling-event-streams", "storytelling-stage1-redis-user-cache"]) {
      expect(container(run, name).inputs).toEqual(container(fewer, name).inputs);
    }
  });
});
