import type Docker from "dockerode";
import { expect, test } from "vitest";
import { memoryWarning } from "../../../../cli/preflight/memory.ts";
import { configSchema } from "../../../../stacks/config/schema.ts";

const CONFIG = { limitScale: 0.25, stages: { cleaning: {}, nlp: { enabled: false } } } as const;

function hostOf(gigabytes: number): Docker {
  return { info: async () => ({ MemTotal: gigabytes * 2 ** 30 }) } as unknown as Docker;
}

async function warningOn(gigabytes: number, changes: object = {}): Promise<string | undefined> {
  return memoryWarning(hostOf(gigabytes), configSchema.parse({ ...CONFIG, ...changes }));
}

test("limits that add up to more than the host has are told with their sum, the host's memory and the remedy", async () => {
  expect(await warningOn(4)).toMatch(
    /^the memory limits of \d+ containers add up to 5\.\d GB, the Docker host has 4\.0 GB: .*Lower storytelling:limitScale \(now 0\.25\), or switch a stage off\.$/,
  );
});

test("limits that fit are not told", async () => {
  expect(await warningOn(8)).toBeUndefined();
});

test("what is switched off takes no memory, and what is switched on does", async () => {
  expect(await warningOn(6.5)).toBeUndefined();
  expect(await warningOn(6.5, { elasticsearch: { enabled: true } })).toContain("add up to");
  expect(await warningOn(6.5, { stages: { cleaning: {}, nlp: {} } })).toContain("add up to");
});

test("a stage that stands alone has a Redis and a PostgreSQL beside it and nothing else", async () => {
  const alone = { mode: "standalone", stages: { cleaning: {} } };

  expect(await warningOn(1, alone)).toContain("the memory limits of 4 containers");
});
