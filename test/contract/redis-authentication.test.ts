import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NetworkHandle, RedisLogin } from "../../components/core/handles.ts";
import { Redis } from "../../components/redis/redis.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { redisRules } from "../../components/stage/redis-access.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { valueOf } from "../support/outputs.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

const CONTAINER = "docker:index/container:Container";
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
  services: {
    orchestrator: { kind: "orchestrator" },
    "celery-worker": { kind: "worker", celeryApp: "app", queues: ["nlp"] },
  },
  redisKeys: ["session:*"],
  subscribes: [{ from: "cleaning" }],
};
const STREAM = "stage1:cleaning:events";

describe("a real redis-server that asks for a password", () => {
  const sandbox = new Sandbox();
  const containerName = `${sandbox.prefix}-redis`;
  const volumeName = sandbox.volumeName("redis");
  let network: NetworkHandle;
  let server: RunningContainer;
  let login: RedisLogin;
  let users = 0;

  async function declare() {
    const recorder = await startMocks();
    const redis = new Redis("cache", {
      containerName,
      alias: "redis-cache",
      image: await imageOf("redis"),
      network,
      limits: { cpus: 0.5, memory: "64 MB" },
      volumeName,
      databases: 32,
      authentication: true,
    });
    login = redis.login as RedisLogin;
    return { recorder, redis };
  }

  async function start(): Promise<RunningContainer> {
    const { recorder } = await declare();
    return sandbox.start(await recorder.resource(CONTAINER, "cache-server"));
  }

  /** Makes the user of a stage on this one server as the program does. */
  async function createUser(stage: StageDefinition, role: "broker" | "cache"): Promise<void> {
    const { recorder, redis } = await declare();
    const name = `user-${(users += 1)}`;
    redis.createUser?.(
      name,
      {
        login: { user: `stage${stage.number}-${role}`, password: login.password },
        rules: redisRules(stage, [CLEANING, NLP], role),
        containerName: `${sandbox.prefix}-${name}`,
        labels: {},
      },
      redis,
    );
    const { exitCode, output } = await sandbox.runToEnd(await recorder.resource(CONTAINER, name));
    expect([exitCode, output]).toEqual([0, "OK\nOK"]);
  }

  beforeAll(async () => {
    network = await sandbox.createNetwork("net");
    server = await start();
    await createUser(CLEANING, "cache");
    await createUser(NLP, "cache");
    await createUser(NLP, "broker");
  });
  afterAll(() => sandbox.close());

  async function documented(...command: string[]): Promise<string> {
    return (await server.exec(["redis-cli", "-n", "1", ...command])).output;
  }

  async function as(user: string, ...command: string[]): Promise<string> {
    const password = await valueOf(login.password);
    return (
      await server.exec(["redis-cli", "--no-auth-warning", "--user", user, "--pass", password, ...command])
    ).output;
  }

  test("answers the documented lines in its own container, and nobody without a password", async () => {
    expect(await documented("ping")).toBe("PONG");
    expect(await documented("set", "test_key", "test_value")).toBe("OK");
    expect((await server.exec(["env", "-u", "REDISCLI_AUTH", "redis-cli", "ping"])).output).toContain(
      "NOAUTH",
    );
    expect((await server.exec(["env", "-u", "REDISCLI_AUTH", "redis-cli", "-e", "ping"])).exitCode).not.toBe(
      0,
    );
  });

  test.each([
    ["flushall"],
    ["flushdb"],
    ["config", "get", "*"],
    ["acl", "list"],
    ["acl", "whoami"],
    ["shutdown"],
    ["keys", "*"],
    ["monitor"],
    ["client", "kill", "type", "normal"],
    ["script", "flush"],
    ["function", "flush"],
    ["get", "stage1:secret"],
    ["set", "cleaning:cache", "1"],
    ["eval", "return redis.call('get', KEYS[1])", "1", "stage1:secret"],
    ["publish", "stage1:news", "1"],
    ["subscribe", "stage1:news"],
    ["xadd", STREAM, "*", "event", "{}"],
    ["xtrim", STREAM, "maxlen", "0"],
    ["del", STREAM],
    ["xgroup", "destroy", STREAM, "other"],
  ])("refuses a stage's user %s %s", async (...command) => {
    expect(await as("stage2-cache", ...command)).toContain("NOPERM");
  });

  test.each([
    ["set", "stage2:document", "1"],
    ["set", "nlp:document", "1"],
    ["set", "stage2-nlp:document", "1"],
    ["set", "test_key", "1"],
    ["set", "session:1", "1"],
    ["setex", "celery-task-meta-1", "60", "{}"],
    ["publish", "celery-task-meta-1", "{}"],
    ["xadd", "stage2:nlp:failed-events", "*", "event", "{}"],
    ["ping"],
    ["info", "server"],
  ])("lets a stage's user %s %s", async (...command) => {
    expect(await as("stage2-cache", ...command)).not.toMatch(/NOPERM|ERR/);
  });

  test("lets a consumer take the stream to which it subscribes, and its producer write it", async () => {
    expect(await as("stage1-cache", "xadd", STREAM, "1-1", "event", "{}")).toBe("1-1");
    expect(await as("stage2-cache", "xgroup", "create", STREAM, "nlp", "0", "mkstream")).toBe("OK");
    expect(await as("stage2-cache", "xreadgroup", "group", "nlp", "a", "streams", STREAM, ">")).toContain(
      "1-1",
    );
    expect(await as("stage2-cache", "xinfo", "groups", STREAM)).toContain("nlp");
    expect(await as("stage2-cache", "xpending", STREAM, "nlp")).toContain("1-1");
    expect(await as("stage2-cache", "xautoclaim", STREAM, "nlp", "b", "0", "0")).toContain("1-1");
    expect(await as("stage2-cache", "xack", STREAM, "nlp", "1-1")).toBe("1");
  });

  test.each([
    ["lpush", "celery", "task"],
    ["lpush", "nlp", "task"],
    ["brpop", "nlp", "nlp\u0006\u00163", "1"],
    ["sadd", "_kombu.binding.celery", "x"],
    ["llen", "id.reply.celery.pidbox\u0006\u00163"],
    ["hset", "unacked", "1", "task"],
    ["publish", "/2.celery.pidbox", "{}"],
    ["publish", "/2.celeryev/worker.heartbeat", "{}"],
  ])("lets Celery %s %s on the broker", async (...command) => {
    expect(await as("stage2-broker", ...command)).not.toMatch(/NOPERM|ERR/);
  });

  test("keeps Celery's broadcasts in the stage's own database", async () => {
    expect(await as("stage2-broker", "publish", "/0.celery.pidbox", "{}")).toContain("NOPERM");
  });

  test("a changed definition changes its user only, and takes away what it no longer names", async () => {
    const before = await documented("acl", "getuser", "stage1-cache");
    const { redisKeys: _redisKeys, ...changed } = NLP;
    await createUser(changed, "cache");

    expect(await as("stage2-cache", "get", "session:1")).toContain("NOPERM");
    expect(await documented("acl", "getuser", "stage1-cache")).toBe(before);
    await createUser(NLP, "cache");
  });

  test("keeps its users and the data when the container is stopped and replaced", async () => {
    const before = await documented("acl", "list");
    await as("stage2-cache", "set", "stage2:kept", "1");
    await sandbox.stop(containerName);
    server = await start();

    expect(await documented("acl", "list")).toBe(before);
    expect(await as("stage2-cache", "get", "stage2:kept")).toBe("1");
    expect(await server.exec(["stat", "-c", "%a", "/data/users.acl"])).toMatchObject({ output: "600" });
  });

  test("stores and logs no password in plain text", async () => {
    const password = await valueOf(login.password);

    expect((await server.exec(["cat", "/data/users.acl"])).output).not.toContain(password);
    expect((await server.exec(["cat", "/proc/1/cmdline"])).output).not.toContain(password);
    expect(await server.logs()).not.toContain(password);
  });
});
