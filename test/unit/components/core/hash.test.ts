import { describe, expect, test } from "vitest";
import { shortHash } from "../../../../components/core/hash.ts";

describe("shortHash", () => {
  test("is twelve hex digits and the same for the same value", () => {
    expect(shortHash(["a", 1])).toMatch(/^[0-9a-f]{12}$/);
    expect(shortHash(["a", 1])).toBe(shortHash(["a", 1]));
  });

  test("differs for another value, and for a value in another order", () => {
    const hashes = [["a", "b"], ["b", "a"], ["a"], ["ab"], []].map(shortHash);

    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
