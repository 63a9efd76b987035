import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  commandProbe,
  httpProbe,
  noProbe,
  PLATFORM_TIMING,
  processProbe,
  STAGE_TIMING,
  tcpProbe,
} from "../../../../components/core/health.ts";

describe("health probes", () => {
  test("a stage is asked every 10s with 5s, 3 retries and 30s to start (000-045 to 000-048)", () => {
    expect(STAGE_TIMING).toEqual({ interval: "10s", timeout: "5s", retries: 3, startPeriod: "30s" });
  });

  test("a store is asked every 10s with 5s and 5 retries (C-27)", () => {
    expect(PLATFORM_TIMING).toEqual({ interval: "10s", timeout: "5s", retries: 5, startPeriod: "30s" });
  });

  test("an HTTP probe is the sources' curl, without a shell (000-044)", () => {
    expect(httpProbe(8000, "/health")).toEqual({
      kind: "command",
      test: ["CMD", "curl", "-f", "http://localhost:8000/health"],
      timing: STAGE_TIMING,
    });
  });

  test("an HTTP probe takes another port, path and timing", () => {
    const timing = { interval: "60s", timeout: "120s", retries: 3, startPeriod: "300s" } as const;

    expect(httpProbe(9, "/ready", timing)).toEqual({
      kind: "command",
      test: ["CMD", "curl", "-f", "http://localhost:9/ready"],
      timing,
    });
  });

  test.each(["wget", "python", "node"] as const)(
    "an HTTP probe asks with %s where it is named (C-39)",
    (client) => {
      const probe = httpProbe(8000, "/health", STAGE_TIMING, client);

      expect(probe).toMatchObject({ kind: "command", test: expect.arrayContaining(["CMD", client]) });
      expect(JSON.stringify(probe)).toContain("http://localhost:8000/health");
    },
  );

  test.each(["nc", "bash", "python"] as const)("a TCP probe connects with %s", (client) => {
    expect(tcpProbe(5000, STAGE_TIMING, client)).toMatchObject({ kind: "command" });
    expect(JSON.stringify(tcpProbe(5000, STAGE_TIMING, client))).toMatch(new RegExp(`"${client}".*5000`));
  });

  test("a process probe finds a running process and not itself (C-16)", () => {
    const code = (text: string) => {
      const probe = processProbe(text);
      if (probe.kind === "none") throw new Error("it is a command");
      return spawnSync(probe.test[1] ?? "", probe.test.slice(2)).status;
    };

    expect(code(process.argv[1] ?? "")).toBe(0);
    expect(code("no-process-has-this-name")).toBe(1);
  });

  test("a command probe runs without a shell, which some images do not have", () => {
    expect(commandProbe(["pg_isready", "-h", "127.0.0.1"])).toEqual({
      kind: "command",
      test: ["CMD", "pg_isready", "-h", "127.0.0.1"],
      timing: PLATFORM_TIMING,
    });
    expect(commandProbe(["true"], STAGE_TIMING)).toMatchObject({ timing: STAGE_TIMING });
  });

  test("a container without a probe says why", () => {
    expect(noProbe("the image has no shell")).toEqual({ kind: "none", reason: "the image has no shell" });
  });
});
