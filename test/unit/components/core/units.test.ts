import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Duration,
  type Size,
  toCpuString,
  toGoDuration,
  toMegabytes,
  toMilliseconds,
} from "../../../../components/core/units.ts";

describe("toMegabytes", () => {
  test.each<[Size, number]>([
    ["512 MB", 512],
    ["1 GB", 1024],
    ["8 GB", 8192],
    ["1.5 GB", 1536],
    ["0.3 GB", 307],
    ["0 MB", 0],
  ])("reads %s as %i megabytes", (size, expected) => {
    expect(toMegabytes(size)).toBe(expected);
  });

  test.each(["512", "512MB", "512 mb", "-1 GB", "1 TB", "", "1  GB", "1 GB "])(
    "refuses %j and tells how a size is written",
    (size) => {
      expect(() => toMegabytes(size as Size)).toThrow(
        `invalid size "${size}": write a number, a space and MB or GB, for example "512 MB"`,
      );
    },
  );

  test("counts a gigabyte as 1024 megabytes for every amount", () => {
    fc.assert(
      fc.property(fc.nat(1000), (amount) => {
        expect(toMegabytes(`${amount} GB`)).toBe(toMegabytes(`${amount * 1024} MB`));
      }),
    );
  });
});

describe("toMilliseconds", () => {
  test.each<[Duration, number]>([
    ["500ms", 500],
    ["10s", 10_000],
    ["1.5s", 1500],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1.1m", 66_000],
  ])("reads %s as %i milliseconds", (duration, expected) => {
    expect(toMilliseconds(duration)).toBe(expected);
  });

  test.each(["10", "10 s", "-5s", "1d", "", "1m30s"])(
    "refuses %j and tells how a duration is written",
    (duration) => {
      expect(() => toMilliseconds(duration as Duration)).toThrow(
        `invalid duration "${duration}": write a number and ms, s, m or h, for example "10s"`,
      );
    },
  );
});

describe("toGoDuration", () => {
  test.each<[Duration, string]>([
    ["0s", "0s"],
    ["500ms", "500ms"],
    ["1000ms", "1s"],
    ["10s", "10s"],
    ["60s", "1m0s"],
    ["90s", "1m30s"],
    ["1.5s", "1.5s"],
    ["61500ms", "1m1.5s"],
    ["5m", "5m0s"],
    ["60m", "1h0m0s"],
    ["1h", "1h0m0s"],
    ["3661s", "1h1m1s"],
  ])("spells %s as Go prints it: %s", (duration, expected) => {
    expect(toGoDuration(duration)).toBe(expected);
  });

  test("keeps the length of every duration", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (milliseconds) => {
        expect(readGoDuration(toGoDuration(`${milliseconds}ms`))).toBe(milliseconds);
      }),
    );
  });

  test("spells equal durations alike, whatever unit they were written in", () => {
    fc.assert(
      fc.property(fc.nat(10_000), (minutes) => {
        expect(toGoDuration(`${minutes}m`)).toBe(toGoDuration(`${minutes * 60}s`));
      }),
    );
  });
});

describe("toCpuString", () => {
  test.each([
    [1, "1.0"],
    [2, "2.0"],
    [0.5, "0.5"],
    [0.25, "0.25"],
    [1.5, "1.5"],
    [0.1, "0.1"],
    [22, "22.0"],
    [10, "10."],
    [20, "20."],
    [1 / 3, "0.33"],
    [0.1 + 0.2, "0.3"],
  ])("spells %d as %s", (cpus, expected) => {
    expect(toCpuString(cpus)).toBe(expected);
  });

  test("spells every limit of a stage as the provider reads it back, so that no refresh replaces a container", () => {
    const hundredths = fc.integer({ min: 10, max: 999 }).map((cents) => cents / 100);
    const whole = fc.integer({ min: 1, max: 512 });
    fc.assert(
      fc.property(fc.oneof(hundredths, whole), (cpus) => {
        const text = toCpuString(cpus);
        expect(Number(text)).toBe(cpus);
        expect(readByProvider(Number(text))).toBe(text);
      }),
    );
  });
});

/** Reads what Go's `time.Duration` prints. */
function readGoDuration(text: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null) throw new Error(`Go prints no duration as "${text}"`);
  const [, hours = "0", minutes = "0", seconds = "0", milliseconds = "0"] = match;
  return (
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Math.round(Number(seconds) * 1000) +
    Number(milliseconds)
  );
}

/**
 * How the provider turns Docker's number into its state: nine decimals, of which a number with nine zeros keeps
 * one, and any other loses the zeros at its end.
 */
function readByProvider(cpus: number): string {
  const nineDecimals = cpus.toFixed(9);
  const zeros = nineDecimals.split("0").length - 1;
  return zeros === 9 ? cpus.toFixed(1) : nineDecimals.replace(/0+$/, "");
}
