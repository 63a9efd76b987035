import { describe, expect, test } from "vitest";
import { toYaml } from "../../../../components/core/yaml.ts";

describe("toYaml", () => {
  test("keeps a long line in one piece", () => {
    const rule = "PathPrefix(`/api/v1/cleaning`) ".repeat(10).trim();

    expect(toYaml({ rule })).toBe(`rule: ${rule}\n`);
  });

  test("writes a shared object twice and not as an anchor", () => {
    const check = { path: "/health" };

    expect(toYaml({ a: check, b: check })).toBe("a:\n  path: /health\nb:\n  path: /health\n");
  });
});
