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

test("checks that disturb the others run last, and one after the other", async () => {
  const running = new Set<string>();
  const company: Record<string, readonly string[]> = {};
  const timed = (name: string, rest: Partial<Check> = {}): Check =>
    check(
      name,
      async () => {
        company[name] = [...running];
        running.add(name);
        await sleep(20);
        running.delete(name);
        return { detail: "" };
      },
      rest,
    );
  const disturbing = { disturbing: true } as const;
  const checks = [timed("loud", disturbing), timed("a"), timed("louder", disturbing), timed("b")];
  const results = await runChecks(checks, () => undefined);
  expect(results.map(({ name }) => name)).toEqual(["a", "b", "loud", "louder"]);
  expect(company).toEqual({ a: [], b: ["a"], loud: [], louder: [] });
});
