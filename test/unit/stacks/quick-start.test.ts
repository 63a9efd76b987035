import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const load = createRequire(import.meta.url);
const log = load("@pulumi/pulumi/log/index.js") as { debug: (message: string) => Promise<void> };

describe("a quick start", () => {
  const { stackTraceLimit } = Error;
  const { debug } = log;
  beforeEach(() => {
    vi.resetModules();
  });
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit;
    log.debug = debug;
    vi.unstubAllEnvs();
  });

  test("keeps no stack traces, loads no npm and sends no debug messages", async () => {
    vi.stubEnv("NODE_OPTIONS", undefined);
    await import("../../../stacks/quick-start.ts");

    expect(Error.stackTraceLimit).toBe(0);
    expect(load("@npmcli/arborist")).toEqual({});
    expect(log.debug).not.toBe(debug);
  });

  test("is left to somebody who asks for stack traces", async () => {
    vi.stubEnv("NODE_OPTIONS", "--enable-source-maps --stack-trace-limit=50");
    await import("../../../stacks/quick-start.ts");

    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(log.debug).toBe(debug);
  });

  test("leaves out what the SDK still loads and sends", () => {
    const source = (path: string) => readFileSync(load.resolve(`@pulumi/pulumi/${path}`), "utf8");

    expect(source("runtime/closure/codePaths.js")).toContain("@npmcli/arborist");
    expect(source("runtime/resource.js")).toContain("log.debug(");
  });
});
