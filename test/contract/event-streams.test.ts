import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { noProbe } from "../../components/core/health.ts";
import { ManagedContainer } from "../../components/core/managed-container.ts";
import { DockerApi } from "../../components/docker-api/docker-api.ts";
import { EventStreams } from "../../components/event-streams/event-streams.ts";
import { Redis } from "../../components/redis/redis.ts";
import { EVENTS_LABEL } from "../../components/stage/event-labels.ts";
import { NOT_HARDENED } from "../support/hardening.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

const CONTAINER = "docker:index/container:Container";
const IMAGE = join(import.meta.dirname, "..", "..", "components", "event-streams", "image");
const LIMITS = { cpus: 0.5, memory: "64 MB" } as const;
/** The promise of C-32. */
const RECOVERY_SECONDS = 30;

const GROUP = {
  server: "cache",
  database: 1,
  stream: "stage1:cleaning:events",
  group: "stage2-nlp-processor",
};

describe("the keeper of event streams beside a real Redis and the real Docker API", () => {
  const sandbox = new Sandbox();
  const keeperName = `${sandbox.prefix}-event-streams`;
  let network: NetworkHandle;
  let redis: RunningContainer;
  let startKeeper: () => Promise<RunningContainer>;

  beforeAll(async () => {
    network = await sandbox.createNetwork("net");
    const opsNetwork = await sandbox.createNetwork("ops", { internal: true });
    const recorder = await startMocks();
    const dockerApi = new DockerApi("docker-api", {
      containerName: `${sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: opsNetwork,
      limits: LIMITS,
    });
    const cache = new Redis("cache", {
      containerName: `${sandbox.prefix}-redis`,
      alias: "redis-cache",
      image: await imageOf("redis"),
      network,
      limits: LIMITS,
      volumeName: sandbox.volumeName("redis"),
      databases: 32,
    });
    new EventStreams("event-streams", {
      containerName: keeperName,
      baseImage: await imageOf("debian"),
      network,
      opsNetwork,
      dockerApi,
      broker: cache,
      cache,
      limits: LIMITS,
    });
    await sandbox.start(await recorder.resource(CONTAINER, "docker-api-proxy"));
    redis = await sandbox.start(await recorder.resource(CONTAINER, "cache-server"));
    const declared = await recorder.resource(CONTAINER, "event-streams-keeper");
    const keeperImage = declared.inputs["image"] as string;
    await execa("docker", [
      "build",
      "--quiet",
      `--tag=${keeperImage}`,
      `--build-arg=BASE_IMAGE=${await imageOf("debian")}`,
      IMAGE,
    ]);
    startKeeper = () => sandbox.start(declared);
    await startKeeper();
  });
  afterEach(() => sandbox.stop(`${sandbox.prefix}-stage`));
  afterAll(() => sandbox.close());

  /** A container of a stage with this declaration. What it runs does not matter. */
  async function declare(declaration: object): Promise<void> {
    const recorder = await startMocks();
    new ManagedContainer("stage", {
      containerName: `${sandbox.prefix}-stage`,
      image: await imageOf("redis"),
      networks: [{ name: network.name }],
      labels: { [EVENTS_LABEL]: JSON.stringify({ streams: [], groups: [], ...declaration }) },
      command: ["sleep", "600"],
      health: noProbe("it does nothing"),
      ...NOT_HARDENED,
      limits: LIMITS,
    });
    await sandbox.start(await recorder.resource(CONTAINER, "stage"));
  }

  async function ask(...command: readonly string[]): Promise<string> {
    return (await redis.exec(["redis-cli", "-n", "1", ...command])).output;
  }

  async function groups(stream = GROUP.stream): Promise<string[]> {
    const answer = await ask("xinfo", "groups", stream);
    return [...answer.matchAll(/^name\n(.+)$/gm)].map(([, name]) => name ?? "");
  }

  async function untilGroupIsBack(): Promise<void> {
    await expect
      .poll(() => groups(), { timeout: RECOVERY_SECONDS * 1000, interval: 200 })
      .toContain(GROUP.group);
  }

  async function unread(): Promise<string> {
    return ask("xreadgroup", "group", GROUP.group, "test", "count", "100", "streams", GROUP.stream, ">");
  }

  test("a declared stream and a declared group are there within 10 seconds, and declared twice they are there once", async () => {
    const stream = { server: "cache", database: 1, stream: "stage3:embeddings:events" };
    await declare({
      streams: [stream, stream],
      groups: [
        { ...GROUP, start: "0" },
        { ...GROUP, start: "0" },
      ],
    });

    await expect.poll(() => ask("type", stream.stream), { timeout: 10_000 }).toBe("stream");
    await expect.poll(() => groups(), { timeout: 10_000 }).toEqual([GROUP.group]);
    expect(await ask("xlen", stream.stream)).toBe("0");
    expect(await groups(stream.stream)).toEqual([]);
  });

  test.each([
    ["was deleted", async () => void (await ask("del", GROUP.stream))],
    ["expired", async () => void (await ask("pexpire", GROUP.stream, "1"))],
  ])(
    "a group whose stream %s is back within 30 seconds and gets every entry that came since (C-32)",
    async (_, lose) => {
      // Even one that began with the next entry: what came after the loss, it has not seen.
      await declare({ groups: [{ ...GROUP, group: GROUP.group, start: "$" }] });
      await untilGroupIsBack();
      await lose();
      await expect.poll(() => ask("exists", GROUP.stream)).toBe("0");
      for (let entry = 1; entry <= 5; entry += 1)
        await ask("xadd", GROUP.stream, "*", "event", `entry-${entry}`);

      await untilGroupIsBack();
      const entries = await unread();
      for (let entry = 1; entry <= 5; entry += 1) expect(entries).toContain(`entry-${entry}`);
    },
  );

  test("a new group that begins at $ leaves the entries that were there before", async () => {
    const stream = "stage4:clustering:events";
    await ask("xadd", stream, "*", "event", "old");
    await declare({ groups: [{ ...GROUP, stream, group: "late", start: "$" }] });
    await expect.poll(() => groups(stream), { timeout: 10_000 }).toEqual(["late"]);
    await ask("xadd", stream, "*", "event", "new");

    const entries = await ask("xreadgroup", "group", "late", "test", "streams", stream, ">");
    expect(entries).toContain("new");
    expect(entries).not.toContain("old");
  });

  test("a restarted keeper still knows which groups were there", async () => {
    await declare({ groups: [{ ...GROUP, start: "$" }] });
    await untilGroupIsBack();
    await sandbox.stop(keeperName);
    await ask("del", GROUP.stream);
    await ask("xadd", GROUP.stream, "*", "event", "while the keeper was away");
    await startKeeper();
    await untilGroupIsBack();

    expect(await unread()).toContain("while the keeper was away");
  });

  test("a stream is cut to its greatest length and age, and no group is lost", async () => {
    const stream = "stage5:graph:events";
    const fill = `for i in $(seq 1000); do echo "XADD ${stream} 1000-$i event old"; done | redis-cli -n 1 > /dev/null`;
    await redis.exec(["sh", "-c", fill]);
    await ask("xadd", stream, "*", "event", "young");
    const declared = { server: "cache", database: 1, stream };
    await declare({
      streams: [{ ...declared, maxLength: 100_000, maxAgeMs: 60_000 }],
      groups: [{ ...declared, group: "reader", start: "0" }],
    });

    // Redis cuts whole nodes of 100 entries.
    await expect.poll(async () => Number(await ask("xlen", stream)), { timeout: 10_000 }).toBeLessThan(102);
    expect(await ask("xrange", stream, "-", "+")).toContain("young");
    expect(await groups(stream)).toEqual(["reader"]);
  });

  test("a key that is no stream is told and does not stop the others", async () => {
    await ask("set", "not-a-stream", "text");
    const wrong = { ...GROUP, stream: "not-a-stream", start: "0" };
    const right = { ...GROUP, stream: "stage6:timeline:events", start: "0" };
    await declare({ groups: [wrong, right] });

    await expect.poll(() => groups(right.stream), { timeout: 10_000 }).toEqual([GROUP.group]);
    const { all } = await execa("docker", ["logs", keeperName], { all: true });
    expect(all).toMatch(/"event": "event_stream_failed".*"stream": "not-a-stream".*WRONGTYPE/);
    expect(await ask("get", "not-a-stream")).toBe("text");
  });
});
