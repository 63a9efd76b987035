import { describe, expect, it } from "vitest";
import { parseBenchOptions } from "../../bench/options.ts";

describe("parseBenchOptions", () => {
  it("measures everything five times and prints a table unless told otherwise", () => {
    expect(parseBenchOptions([])).toEqual({
      only: ["cold", "no-change", "preview", "attach"],
      rounds: 5,
      json: false,
    });
  });

  it("takes some of the measurements, in their own order", () => {
    expect(parseBenchOptions(["--only", "preview,cold", "--rounds", "2", "--json"])).toEqual({
      only: ["cold", "preview"],
      rounds: 2,
      json: true,
    });
  });

  it.each([
    [["--only", "cold,warm"], '--only: got "warm", there are cold, no-change, preview, attach'],
    [["--only", ""], '--only: got "", there are'],
    [["--rounds", "0"], '--rounds: got "0", give a whole number from 1'],
    [["--rounds", "1.5"], '--rounds: got "1.5"'],
    [["--rounds", "many"], '--rounds: got "many"'],
  ])("names the option, the value and what is allowed: %j", (args, message) => {
    expect(() => parseBenchOptions(args)).toThrow(message);
  });
});
