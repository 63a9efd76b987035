import { describe, expect, it } from "vitest";
import { type Circumstances, type Finding, renderReport, resultsOf } from "../../bench/report.ts";

const circumstances: Circumstances = {
  rounds: 3,
  cpus: 2,
  memoryGigabytes: 24,
  docker: "20.10.24",
  compose: "v2.40.3",
  pulumi: "v3.259.0",
  node: "v24.21.0",
  plugins: "official plugins",
};

const cold: Finding = {
  title: "Cold `up`",
  measured: [12, 26, 15],
  against: { title: "compose", seconds: [10, 20, 10] },
  result: { kind: "ratio", aim: 1.3 },
};

const preview: Finding = {
  title: "Preview of 8 stages",
  measured: [4, 5, 6],
  against: { title: "empty", seconds: [2, 2, 2] },
  result: { kind: "each", count: 100, thing: "resource", aim: 30 },
};

describe("resultsOf", () => {
  it("compares each round with its own partner: a slow round that was slow for both changes nothing", () => {
    expect(resultsOf(cold)).toEqual([1.2, 1.3, 1.5]);
  });

  it("spreads what goes beyond the other side over the things, in milliseconds", () => {
    expect(resultsOf(preview)).toEqual([20, 30, 40]);
  });
});

describe("renderReport", () => {
  const lines = renderReport([cold, preview], circumstances).split("\n");

  it("prints a Markdown table with medians, spread and aim", () => {
    expect(lines.slice(0, 4)).toEqual([
      "| What | Time | Compared with | Result | Aim |",
      "| --- | --- | --- | --- | --- |",
      "| Cold `up` | 15.0 s | compose: 10.0 s | **1.30 ×** (1.20 to 1.50) | 1.3 × |",
      "| Preview of 8 stages | 5.0 s | empty: 2.0 s | **30.0 ms** per resource (20.0 to 40.0) | 30 ms |",
    ]);
  });

  it("leaves the aim empty where there is none", () => {
    const [, , line] = renderReport([{ ...cold, result: { kind: "ratio" } }], circumstances).split("\n");
    expect(line).toMatch(/\(1\.20 to 1\.50\) \| {2}\|$/);
  });

  it("says after an empty line how and where it was measured", () => {
    expect(lines.slice(4)).toEqual([
      "",
      expect.stringMatching(
        /^Median of 3 rounds.* 2 CPUs, 24 GB; Docker Engine 20\.10\.24, Compose v2\.40\.3, Pulumi v3\.259\.0, Node v24\.21\.0, official plugins\.$/,
      ),
    ]);
  });
});
