import Docker from "dockerode";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deadLetters, retryDeadLetter } from "../../cli/events/dead-letters.ts";
import { groupState } from "../../cli/events/group-state.ts";
import { type RedisCommands, redisCommands } from "../../cli/events/redis-commands.ts";
import { planReplay, replay } from "../../cli/events/replay.ts";
import { entriesBetween, newestEntries } from "../../cli/events/stream-entries.ts";
import { Redis } from "../../components/redis/redis.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { Sandbox } from "../support/sandbox.ts";

const STREAM = "stage1:cleaning:events";
const GROUP = "stage2-nlp-processor";
const DEAD = "stage2:nlp:failed-events";
const MARKS = "stage2:nlp:processed:";

describe("what the CLI does with events on a real Redis", () => {
  const sandbox = new Sandbox();
  const containerName = `${sandbox.prefix}-redis`;
  let redis: RedisCommands;

  beforeAll(async () => {
    const recorder = await startMocks();
    new Redis("cache", {
      containerName,
      alias: "redis-cache",
      image: await imageOf("redis"),
      network: await sandbox.createNetwork("net"),
      limits: { cpus: 0.5, memory: "64 MB" },
      volumeName: sandbox.volumeName("redis"),
      databases: 32,
    });
    await sandbox.start(await recorder.resource("docker:index/container:Container", "cache-server"));
    redis = redisCommands(new Docker(), containerName, 1);
  });
  beforeEach(() => redis("FLUSHDB"));
  afterAll(() => sandbox.close());

  function event(number: number): string {
    return JSON.stringify({ id: `event-${number}`, type: "com.example.done", subject: `doc-${number} "ü"` });
  }

  async function publish(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 1; number <= count; number += 1)
      ids.push((await redis("XADD", STREAM, "*", "event", event(number))) as string);
    return ids;
  }

  async function deliver(count: number): Promise<void> {
    await redis("XREADGROUP", "GROUP", GROUP, "worker-1", "COUNT", count, "STREAMS", STREAM, ">");
  }

  test("tail shows the newest entries in their order, whatever characters they have", async () => {
    const ids = await publish(5);

    const entries = await newestEntries(redis, STREAM, 2);
    expect(entries.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(entries.map(({ fields }) => fields["event"])).toEqual([event(4), event(5)]);
    expect(await entriesBetween(redis, STREAM, `(${ids[3]}`, "+", 10)).toEqual([entries[1]]);
  });

  test("groups tells lag, pending and consumers, and that a group is not there", async () => {
    const ids = await publish(5);
    expect(await groupState(redis, STREAM, GROUP)).toBeUndefined();
    expect(await groupState(redis, "no-stream", GROUP)).toBeUndefined();
    await redis("XGROUP", "CREATE", STREAM, GROUP, "0");
    await deliver(3);

    expect(await groupState(redis, STREAM, GROUP)).toEqual({
      lag: 2,
      pending: 3,
      consumers: 1,
      idleMilliseconds: expect.any(Number),
      lastDeliveredId: ids[2],
    });
  });

  describe("dlq", () => {
    async function bury(count: number): Promise<string[]> {
      const ids: string[] = [];
      for (let number = 1; number <= count; number += 1)
        ids.push((await redis("XADD", DEAD, "*", "event", event(number), "error", "broken")) as string);
      return ids;
    }

    test("list shows every dead letter, more than one page of them", async () => {
      for (let page = 0; page < 11; page += 1) {
        const script = "for i = 1, 100 do redis.call('XADD', KEYS[1], '*', 'event', i) end";
        await redis("EVAL", script, 1, DEAD);
      }

      const letters = await deadLetters(redis, DEAD);
      expect(letters).toHaveLength(1100);
      expect(new Set(letters.map(({ id }) => id)).size).toBe(1100);
    });

    test("retry puts the event back and takes the letter away", async () => {
      const [first = "", second = ""] = await bury(2);
      const id = await retryDeadLetter(redis, DEAD, STREAM, first);

      expect(await newestEntries(redis, STREAM, 10)).toEqual([{ id, fields: { event: event(1) } }]);
      expect((await deadLetters(redis, DEAD)).map((letter) => letter.id)).toEqual([second]);
    });

    test("ten retries of one letter at the same time put it back once", async () => {
      const [id = ""] = await bury(1);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => retryDeadLetter(redis, DEAD, STREAM, id)),
      );

      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await newestEntries(redis, STREAM, 10)).toHaveLength(1);
      expect(await deadLetters(redis, DEAD)).toEqual([]);
    });

    test("a letter without an event stays where it is, and the error names it", async () => {
      const id = (await redis("XADD", DEAD, "*", "error", "broken")) as string;

      await expect(retryDeadLetter(redis, DEAD, STREAM, id)).rejects.toThrow(
        `dead letter ${id} has no event`,
      );
      expect(await deadLetters(redis, DEAD)).toHaveLength(1);
      expect(await newestEntries(redis, STREAM, 10)).toEqual([]);
    });
  });

  describe("replay", () => {
    async function readAgain(): Promise<string> {
      const command = ["XREADGROUP", "GROUP", GROUP, "worker-1", "COUNT", 100, "STREAMS", STREAM, ">"];
      return JSON.stringify(await redis(...command));
    }

    test("a plan counts what would come and what was processed, and changes nothing", async () => {
      const ids = await publish(4);
      await redis("XGROUP", "CREATE", STREAM, GROUP, "$");
      await redis("SET", `${MARKS}event-3`, "1");

      const plan = await planReplay(redis, STREAM, ids[1] as string, MARKS);
      expect(plan).toMatchObject({ entries: 3, marks: [`${MARKS}event-3`] });
      expect(await readAgain()).toBe("null");
      expect(await redis("EXISTS", `${MARKS}event-3`)).toBe(1);
    });

    test("the entry from which it starts is delivered, too, and none before it", async () => {
      const ids = await publish(4);
      await redis("XGROUP", "CREATE", STREAM, GROUP, "$");
      await replay(redis, STREAM, GROUP, await planReplay(redis, STREAM, ids[1] as string, MARKS), false);

      const delivered = await readAgain();
      expect(["event-1", "event-2", "event-3", "event-4"].filter((id) => delivered.includes(id))).toEqual([
        "event-2",
        "event-3",
        "event-4",
      ]);
    });

    test("processed events keep their marks, and lose them when they are to be processed again", async () => {
      await publish(2);
      await redis("XGROUP", "CREATE", STREAM, GROUP, "$");
      await redis("SET", `${MARKS}event-1`, "1");
      const plan = await planReplay(redis, STREAM, "0", MARKS);
      await replay(redis, STREAM, GROUP, plan, false);
      expect(await redis("EXISTS", `${MARKS}event-1`)).toBe(1);

      await replay(redis, STREAM, GROUP, plan, true);
      expect(await redis("EXISTS", `${MARKS}event-1`)).toBe(0);
      expect(await readAgain()).toContain("event-1");
    });
  });

  test("a refusal of the server is told in its own words", async () => {
    await redis("SET", "text", "1");

    await expect(redis("XLEN", "text")).rejects.toThrow(/refused XLEN: .*WRONGTYPE/s);
  });
});
