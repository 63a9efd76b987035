import { readFile } from "node:fs/promises";
import type { SuiteResult } from "./suite.ts";

/** The part of Vitest's JSON report that is counted. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

/** Counts the tests of a suite. Without a report, because the suite did not get that far, it is one failure. */
export async function readVitestReport(file: string): Promise<SuiteResult> {
  try {
    return countTests(JSON.parse(await readFile(file, "utf8")) as VitestReport);
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** A test that was skipped proves nothing: it counts as failed. So does a file that could not be loaded. */
export function countTests(report: VitestReport): SuiteResult {
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed };
}
