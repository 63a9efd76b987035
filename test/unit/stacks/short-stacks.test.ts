import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

describe("short stacks", () => {
  const before = Error.stackTraceLimit;
  beforeEach(() => {
    vi.resetModules();
  });
  afterEach(() => {
    Error.stackTraceLimit = before;
    vi.unstubAllEnvs();
  });

  test("keep no stack trace, which is half of the time of a preview", async () => {
    vi.stubEnv("NODE_OPTIONS", undefined);
    await import("../../../stacks/short-stacks.ts");

    expect(Error.stackTraceLimit).toBe(0);
  });

  test("keep the traces of somebody who asks for them", async () => {
    vi.stubEnv("NODE_OPTIONS", "--enable-source-maps --stack-trace-limit=50");
    await import("../../../stacks/short-stacks.ts");

    expect(Error.stackTraceLimit).toBe(before);
  });
});
