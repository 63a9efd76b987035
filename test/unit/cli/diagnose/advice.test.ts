import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { adviceFor, type FailedContainer } from "../../../../cli/diagnose/advice.ts";
import { formatFailure } from "../../../../cli/diagnose/diagnose.ts";

function failed(facts: Partial<FailedContainer> = {}): FailedContainer {
  return {
    name: "cleaning-orchestrator",
    status: "running",
    exitCode: 0,
    oomKilled: false,
    restarts: 0,
    error: "",
    health: undefined,
    healthOutput: "",
    memoryMegabytes: 256,
    logs: [],
    ...facts,
  };
}

test.each<[string, Partial<FailedContainer>, string]>([
  ["ran out of memory", { oomKilled: true, exitCode: 137 }, "more than its 256 MB: raise the memory limit"],
  ["was killed", { exitCode: 137 }, "killed from outside"],
  ["has no such command", { exitCode: 127 }, "the command is not in the image"],
  ["may not run its command", { exitCode: 126 }, "may not be run"],
  ["wants a taken port", { error: "driver failed: port is already allocated" }, "under `hostPorts`"],
  [
    "looks for an unknown host",
    { logs: ["psycopg: could not translate host name"] },
    "host name that is not in its network",
  ],
  [
    "has another password",
    { logs: ["FATAL: password authentication failed"] },
    "another password than the state",
  ],
  [
    "lacks curl",
    { health: "unhealthy", healthOutput: 'exec: "curl": executable file not found in $PATH' },
    "lacks the program",
  ],
  [
    "does not listen",
    { health: "unhealthy", healthOutput: "curl: (7) Failed to connect" },
    "nothing listens",
  ],
  ["misses a dependency", { health: "unhealthy", healthOutput: "error: 503" }, "something it depends on"],
  ["fails its check", { health: "unhealthy", healthOutput: "no such thing" }, "the health output says why"],
  ["takes too long", { health: "starting" }, "did not become healthy in time"],
  ["ends by itself", { exitCode: 1, status: "restarting", restarts: 5 }, "the last log lines say why"],
])("a container that %s gets the advice for it", (_, facts, advice) => {
  expect(adviceFor(failed(facts))).toContain(advice);
});

test("without a known cause the whole log is named", () => {
  expect(adviceFor(failed())).toBe("look at its whole log: `docker logs cleaning-orchestrator`");
});

test("exit code, memory, health output, log and advice of a failed container are all told", () => {
  const text = formatFailure(
    failed({
      status: "restarting",
      exitCode: 1,
      restarts: 3,
      health: "unhealthy",
      healthOutput: "line 1\nline 2",
      logs: ["boom"],
    }),
  );
  expect(stripVTControlCharacters(text).split("\n")).toEqual([
    "✖ cleaning-orchestrator: state restarting, exit code 1, out of memory: no, restarted 3 times, health unhealthy",
    "  last health output:",
    "    line 1",
    "    line 2",
    "  last log lines:",
    "    boom",
    "  → it runs, and its health check fails: the health output says why",
  ]);
});
