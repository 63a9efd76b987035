import { describe, expect, test } from "vitest";
import { parseStart, planReplay } from "../../../../cli/events/replay.ts";

describe("the start of a replay", () => {
  test.each([
    ["0", "0"],
    ["1795527914407", "1795527914407"],
    ["1795527914407-3", "1795527914407-3"],
    ["2026-11-24T10:00:00Z", "1795514400000"],
  ])("%s is the id %s", (from, id) => {
    expect(parseStart(from)).toBe(id);
  });

  test.each(["soon", "", "-1", "1-2-3x"])("%j is refused with what is allowed", (from) => {
    expect(() => parseStart(from)).toThrow(`--from: got "${from}", allowed are 0 for everything`);
  });

  test.each([
    ["0", "0"],
    ["5-3", "5-2"],
    ["5-0", "4-18446744073709551615"],
    ["5", "4-18446744073709551615"],
  ])("the group goes on before the entry %s, after %s", async (from, afterId) => {
    expect((await planReplay(async () => [], "stream", from, "mark:")).afterId).toBe(afterId);
  });
});
