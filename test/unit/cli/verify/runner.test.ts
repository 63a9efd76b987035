import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Check, CheckResult } from "../../../../cli/verify/check.ts";
import { runChecks } from "../../../../cli/verify/runner.ts";

function check(name: string, run: Check["run"], rest: Partial<Check> = {}): Check {
  return { name, remedy: `mend ${name}`, run, ...rest };
}

test("all checks run whatever the others say, and a failed one tells its remedy", async () => {
  const results = await runChecks(
    [
      check("a", async () => ({ detail: "fine" })),
      check("b", async () => Promise.reject(new Error("broken")), { source: "000-136" }),
      check("c", async () => ({ detail: "degraded", warning: true })),
    ],
    () => undefined,
  );
  expect(results).toEqual([
    { name: "a", status: "passed", detail: "fine", milliseconds: expect.any(Number) },
    {
      name: "b",
      source: "000-136",
      status: "failed",
      detail: "broken",
      remedy: "mend b",
      milliseconds: expect.any(Number),
    },
    { name: "c", status: "warning", detail: "degraded", milliseconds: expect.any(Number) },
  ]);
});

test("results come in the order of the checks, however long each takes", async () => {
  const told: string[] = [];
  const slowFirst = [30, 20, 10, 0].map((milliseconds, index) =>
    check(`${index}`, async () => {
      await sleep(milliseconds);
      return { detail: "" };
    }),
  );
  await runChecks(slowFirst, ({ name }: CheckResult) => told.push(name));
  expect(told).toEqual(["0", "1", "2", "3"]);
});

test("a check that disturbs the others runs alone and last", async () => {
  const running = new Set<string>();
  let company: readonly string[] = ["not run"];
  const gentle = (name: string): Check =>
    check(name, async () => {
      running.add(name);
      await sleep(20);
      running.delete(name);
      return { detail: "" };
    });
  const disturbing = check(
    "loud",
    async () => {
      company = [...running];
      return { detail: "" };
    },
    { disturbing: true },
  );
  const results = await runChecks([disturbing, gentle("a"), gentle("b")], () => undefined);
  expect(results.map(({ name }) => name)).toEqual(["a", "b", "loud"]);
  expect(company).toEqual([]);
});
