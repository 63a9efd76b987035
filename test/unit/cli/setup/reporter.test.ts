import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createReporter } from "../../../../cli/setup/reporter.ts";

describe("progress in a log", () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      lines.push(stripVTControlCharacters(String(text)).trimEnd());
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  test("a step has a line at its start and one at its end, with the time it took", async () => {
    const result = await createReporter(false).step("Pulumi CLI", async () => {
      vi.advanceTimersByTime(2_000);
      return "done";
    });

    expect(result).toBe("done");
    expect(lines).toEqual(["• Pulumi CLI", "✔ Pulumi CLI: 2.0s"]);
  });

  test("a long step says every 30 seconds how far it is and how long it has taken", async () => {
    await createReporter(false).step("loki", async ({ report }) => {
      report("compiled 1 of 9 packages");
      report("compiled 2 of 9 packages");
      vi.advanceTimersByTime(30_000);
      report("compiled 5 of 9 packages");
      vi.advanceTimersByTime(65_000);
    });

    expect(lines).toEqual([
      "• loki",
      "    compiled 2 of 9 packages · 30s",
      "    compiled 5 of 9 packages · 1m 00s",
      "    compiled 5 of 9 packages · 1m 30s",
      "✔ loki: 1m 35s",
    ]);
  });

  test("a warning stays as a line of its own after the step", async () => {
    await createReporter(false).step("images", async ({ warn }) => warn("the registry does not answer"));

    expect(lines.at(-1)).toBe("! the registry does not answer");
  });

  test("a failure is passed on with its warnings, and its timer ends", async () => {
    const failing = createReporter(false).step("images", async ({ warn }) => {
      warn("before it failed");
      throw new Error("no space left");
    });

    await expect(failing).rejects.toThrow("no space left");
    expect(lines).toEqual(["• images", "! before it failed"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("on a terminal a failing step passes its error on unchanged", async () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const failing = createReporter(true).step("images", () => Promise.reject(new Error("no space left")));

  await expect(failing).rejects.toThrow("no space left");
  expect(write).toHaveBeenCalled();
  write.mockRestore();
});
