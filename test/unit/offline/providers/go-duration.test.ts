import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatGoDuration,
  parseGoDuration,
} from "../../../../offline/providers/docker/container/go-duration.ts";

describe("a Go duration", () => {
  it.each([
    ["0s", 0],
    ["1s", 1e9],
    ["1000ms", 1e9],
    ["1m0s", 60e9],
    ["1h0m1.5s", 3601.5e9],
    ["250ms", 250e6],
  ])("%s is read as nanoseconds", (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
  });

  it.each(["", "10", "1 s", "1s2x"])("that cannot be read, such as %j, is 0", (text) => {
    expect(parseGoDuration(text)).toBe(0);
  });

  it.each([
    [60e9, "1m0s"],
    [90e9, "1m30s"],
    [3600e9, "1h0m0s"],
    [1e9, "1s"],
    [100e6, "100ms"],
    [0, "0s"],
  ])("of %d ns is written as the daemon's tools write it", (nanoseconds, text) => {
    expect(formatGoDuration(nanoseconds)).toBe(text);
  });

  it("survives writing and reading", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e8 }), (milliseconds) => {
        expect(parseGoDuration(formatGoDuration(milliseconds * 1e6))).toBe(milliseconds * 1e6);
      }),
    );
  });
});
