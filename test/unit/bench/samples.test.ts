import { describe, expect, it } from "vitest";
import { inAlternation, pairwise, spreadOf } from "../../bench/samples.ts";

describe("spreadOf", () => {
  it("takes the middle one of an odd number of figures, whatever their order", () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(spreadOf([4, 1, 2, 9])).toEqual({ median: 3, min: 1, max: 9 });
  });

  it("orders figures as numbers and not as text", () => {
    expect(spreadOf([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  });

  it("refuses to summarise nothing", () => {
    expect(() => spreadOf([])).toThrow("nothing was measured");
  });
});

describe("pairwise", () => {
  it("combines the figures of the same round", () => {
    expect(pairwise([6, 10], [3, 2], (a, b) => a / b)).toEqual([2, 5]);
  });

  it("refuses rounds that have no partner", () => {
    expect(() => pairwise([1, 2], [1], (a, b) => a / b)).toThrow("2 rounds of one and 1 of the other");
  });
});

describe("inAlternation", () => {
  it("turns the order around in every other round", () => {
    expect([0, 1, 2].map((round) => inAlternation(["a", "b"], round).join(""))).toEqual(["ab", "ba", "ab"]);
  });
});
