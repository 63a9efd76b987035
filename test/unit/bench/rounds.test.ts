import { describe, expect, it } from "vitest";
import { measureRounds, secondsOf } from "../../bench/measure/rounds.ts";

function fakeSides() {
  const log: string[] = [];
  let clock = 0;
  const side = (name: string) => ({
    name,
    prepare: async () => void log.push(`prepare ${name}`),
    run: async () => {
      log.push(`run ${name}`);
      clock += 1;
      return { seconds: clock, output: "" };
    },
  });
  return { log, sides: [side("a"), side("b")] };
}

describe("measureRounds", () => {
  it("does not count the first round, which fills caches", async () => {
    const { sides } = fakeSides();
    const measured = await measureRounds(sides, 2, () => undefined);
    // 1 and 2 were the warm-up; then b before a, then a before b.
    expect(secondsOf(measured, "a")).toEqual([4, 5]);
    expect(secondsOf(measured, "b")).toEqual([3, 6]);
  });

  it("prepares each side right before it runs", async () => {
    const { log, sides } = fakeSides();
    await measureRounds(sides, 1, () => undefined);
    expect(log).toEqual([
      "prepare a",
      "run a",
      "prepare b",
      "run b",
      "prepare b",
      "run b",
      "prepare a",
      "run a",
    ]);
  });

  it("says what it measures while it goes on", async () => {
    const lines: string[] = [];
    await measureRounds(fakeSides().sides, 1, (line) => lines.push(line));
    expect(lines).toEqual([
      "a, warm-up: 1.00 s",
      "b, warm-up: 2.00 s",
      "b, round 1 of 1: 3.00 s",
      "a, round 1 of 1: 4.00 s",
    ]);
  });

  it("refuses a side that was never measured", () => {
    expect(() => secondsOf(new Map(), "c")).toThrow("nobody measured c");
  });
});
