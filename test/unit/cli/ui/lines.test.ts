import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { describeState } from "../../../../cli/docker/service-state.ts";
import { formatCheck } from "../../../../cli/ui/check-line.ts";
import { formatDuration } from "../../../../cli/ui/duration.ts";
import { isUp, serviceTable } from "../../../../cli/ui/service-table.ts";
import { summary } from "../../../../cli/verbs/verify.ts";

test.each([
  [0, "0.0s"],
  [420, "0.4s"],
  [9940, "9.9s"],
  [9960, "10s"],
  [59_400, "59s"],
  [59_600, "1m 00s"],
  [185_000, "3m 05s"],
])("%d milliseconds read as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  ["running", "Up 3 minutes (healthy)", "healthy"],
  ["running", "Up 3 minutes (unhealthy)", "unhealthy"],
  ["running", "Up 2 seconds (health: starting)", "starting"],
  ["running", "Up 3 minutes", "running"],
  ["exited", "Exited (137) 2 minutes ago", "stopped (137)"],
  ["restarting", "Restarting (1) 3 seconds ago", "restarting"],
  ["created", "Created", "created"],
])("a container that is %s, %s, is told as %s", (State, Status, state) => {
  expect(describeState({ State, Status })).toBe(state);
});

test("only a healthy service, or one that runs without a health check, is up", () => {
  const states = ["healthy", "running", "starting", "unhealthy", "stopped (0)", "missing"];
  expect(states.filter(isUp)).toEqual(["healthy", "running"]);
});

test("the table shows service, container, state and URL", () => {
  const table = stripVTControlCharacters(
    serviceTable([
      { service: "traefik", container: "storytelling-traefik", state: "healthy", url: "http://localhost" },
      { service: "orchestrator", stage: 1, container: "cleaning-orchestrator", state: "missing" },
    ]),
  );
  expect(table).toMatch(/SERVICE\s+│ CONTAINER\s+│ STATE\s+│ URL/);
  expect(table).toMatch(/traefik\s+│ storytelling-traefik\s+│ healthy │ http:\/\/localhost/);
  expect(table).toMatch(/stage 1 orchestrator │ cleaning-orchestrator │ missing │\s+│/);
});

const result = { name: "cleaning: health", status: "passed", detail: "200", milliseconds: 120 } as const;

test("a check is one line", () => {
  expect(stripVTControlCharacters(formatCheck({ ...result, source: "000-141" }))).toBe(
    "✔ cleaning: health (000-141): 200 0.1s",
  );
});

test("a failed check tells its remedy in a second line, however many its cause has", () => {
  const failed = { ...result, status: "failed", detail: "two\nlines", remedy: "run `npm run up`" } as const;
  expect(stripVTControlCharacters(formatCheck(failed))).toBe(
    "✖ cleaning: health: two lines 0.1s\n  → run `npm run up`",
  );
});

test("the summary counts what passed, warned and failed", () => {
  const lines = [
    summary([result]),
    summary([result, { ...result, status: "warning" }]),
    summary([result, { ...result, status: "failed" }]),
  ];
  expect(lines.map(stripVTControlCharacters)).toEqual([
    "✔ 1 checks passed",
    "✔ 1 checks passed, 1 with a warning",
    "✖ 1 checks passed, 1 failed",
  ]);
});
