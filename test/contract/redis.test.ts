import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { Redis } from "../../components/redis/redis.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

describe("a real redis-server with the rendered configuration", () => {
  const sandbox = new Sandbox();
  const containerName = `${sandbox.prefix}-redis`;
  const volumeName = sandbox.volumeName("redis");
  let network: NetworkHandle;
  let server: RunningContainer;

  async function start(): Promise<RunningContainer> {
    const recorder = await startMocks();
    new Redis("broker", {
      containerName,
      alias: "redis-broker",
      image: await imageOf("redis"),
      network,
      limits: { cpus: 0.5, memory: "64 MB" },
      volumeName,
      databases: 32,
    });
    return sandbox.start(await recorder.resource("docker:index/container:Container", "broker-server"));
  }

  beforeAll(async () => {
    network = await sandbox.createNetwork("net");
    server = await start();
  });
  afterAll(() => sandbox.close());

  async function redis(...command: string[]): Promise<string> {
    return (await server.exec(["redis-cli", "-e", "-h", server.address, ...command])).output;
  }

  test.each([
    ["databases", "32"],
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    ["maxmemory", String(38 * 1024 * 1024)],
    ["maxmemory-policy", "noeviction"],
    ["save", ""],
  ])("runs with %s = %j", async (setting, value) => {
    expect((await redis("config", "get", setting)).split("\n")).toEqual([setting, value]);
  });

  test("answers other containers without a password", async () => {
    expect(await redis("ping")).toBe("PONG");
  });

  test("has database 31, the last one", async () => {
    expect(await redis("-n", "31", "set", "last", "1")).toBe("OK");
  });

  test("does not run as root", async () => {
    expect((await server.exec(["id", "-un"])).output).toBe("redis");
  });

  test("refuses a write when it is full, and keeps what it has", async () => {
    await redis("-n", "5", "set", "precious", "kept");
    const write = `redis-cli eval "return redis.call('set', KEYS[1], string.rep('x', 1048576))" 1`;
    const fill = await server.exec(["sh", "-c", `for i in $(seq 60); do ${write} fill$i; done`]);

    expect(fill.output).toContain("OOM command not allowed");
    expect(await redis("-n", "5", "get", "precious")).toBe("kept");
    await redis("-n", "0", "flushdb");
  });

  test("keeps a task when the container is stopped and replaced", async () => {
    await redis("lpush", "celery", "task-1");
    await sandbox.stop(containerName);
    server = await start();

    expect(await redis("lrange", "celery", "0", "-1")).toBe("task-1");
  });
});
