import { expect, test } from "vitest";
import { goMemoryLimit } from "../../../../components/core/go-memory.ts";

test.each([
  ["512 MB", "460MiB"],
  ["1 GB", "921MiB"],
] as const)("a Go program of %s keeps to %s, a tenth below the container's limit", (size, expected) => {
  expect(goMemoryLimit(size)).toBe(expected);
});
