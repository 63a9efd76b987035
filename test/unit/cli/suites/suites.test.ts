import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { selectSuites, suiteCatalog } from "../../../../cli/suites/catalog.ts";
import { runSuite } from "../../../../cli/suites/run-suite.ts";
import { type Suite, totalLine } from "../../../../cli/suites/suite.ts";
import { countTests, readVitestReport } from "../../../../cli/suites/vitest-report.ts";

let folder: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-suites-"));
  printed = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** A suite that is a script of Node. */
function nodeSuite(script: string, file?: string): Suite {
  const suite: Suite = { name: "a", title: "a", command: [process.execPath, "-e", script] };
  return file === undefined ? suite : { ...suite, report: file };
}

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true };

test("the last line is the sum over all suites", () => {
  expect(
    totalLine([
      { passed: 1, failed: 0 },
      { passed: 40, failed: 2 },
    ]),
  ).toBe("41 passed, 2 failed");
});

test("suites run from cheap to dear, and only those that need the host get it", () => {
  const suites = suiteCatalog("/reports");
  expect(suites.map(({ name }) => name)).toEqual([
    "format",
    "lint",
    "types",
    "architecture",
    "dead-code",
    "unit",
    "stack",
    "coverage",
    "contract",
    "e2e",
  ]);
  expect(suites.filter(({ needsHost }) => needsHost === true).map(({ name }) => name)).toEqual([
    "contract",
    "e2e",
  ]);
});

test("a choice keeps the order of the suites", () => {
  expect(selectSuites(suiteCatalog("/r"), "stack, unit").map(({ name }) => name)).toEqual(["unit", "stack"]);
});

test("fails for a suite that is none, with those that are", () => {
  expect(() => selectSuites(suiteCatalog("/r"), "unit,smoke")).toThrow(
    /no suite "smoke"; choose from format, lint/,
  );
});

test.each([
  ["counts its tests", report, { passed: 5, failed: 0 }],
  ["counts a failed test", { ...report, numFailedTests: 2, success: false }, { passed: 5, failed: 2 }],
  ["counts a skipped test as failed", { ...report, numPendingTests: 1 }, { passed: 5, failed: 1 }],
  [
    "counts a test that is still to be written as failed",
    { ...report, numTodoTests: 1 },
    { passed: 5, failed: 1 },
  ],
  ["fails when a file could not be loaded", { ...report, success: false }, { passed: 5, failed: 1 }],
])("a suite %s", (_, vitestReport, result) => {
  expect(countTests(vitestReport)).toEqual(result);
});

test("a suite that wrote no report is a failure", async () => {
  expect(await readVitestReport(join(folder, "none.json"))).toEqual({ passed: 0, failed: 1 });
});

test("a check without a report counts as one", async () => {
  expect(await runSuite(folder, nodeSuite("0"), {})).toEqual({
    passed: 1,
    failed: 0,
  });
  expect(printed).toMatch(/a: 1 passed, 0 failed \(\d/);
});

test("what a failed check printed is shown", async () => {
  const script = "console.log('the cause'); process.exit(3)";
  const result = await runSuite(folder, nodeSuite(script), {});
  expect(result).toEqual({ passed: 0, failed: 1 });
  expect(printed).toContain("the cause");
});

test("a suite that fails although its tests pass is a failure", async () => {
  const file = join(folder, "report.json");
  const script = `require("node:fs").writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(JSON.stringify(report))}); process.exit(1)`;
  expect(await runSuite(folder, nodeSuite(script, file), {})).toEqual({
    passed: 5,
    failed: 1,
  });
});

test("the report of an earlier run is not counted", async () => {
  const file = join(folder, "report.json");
  await writeFile(file, JSON.stringify(report));
  expect(await runSuite(folder, nodeSuite("0", file), {})).toEqual({
    passed: 0,
    failed: 1,
  });
});
