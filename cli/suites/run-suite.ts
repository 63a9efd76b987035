import { rm } from "node:fs/promises";
import { execa } from "execa";
import { formatDuration } from "../ui/duration.ts";
import { MARKS, note, say } from "../ui/say.ts";
import type { Suite, SuiteResult } from "./suite.ts";
import { readVitestReport } from "./vitest-report.ts";

/** Runs a suite and tells its result in one line; what it printed is shown when it failed. */
export async function runSuite(
  root: string,
  suite: Suite,
  env: Readonly<Record<string, string>>,
): Promise<SuiteResult> {
  const started = performance.now();
  const [program, ...args] = suite.command;
  if (suite.report !== undefined) await rm(suite.report, { force: true });
  const { exitCode, all } = await execa(program, args, {
    cwd: root,
    env,
    preferLocal: true,
    localDir: root,
    all: true,
    reject: false,
  });
  const counted =
    suite.report === undefined ? { passed: 1, failed: 0 } : await readVitestReport(suite.report);
  const result =
    exitCode === 0 || counted.failed > 0
      ? counted
      : { passed: suite.report === undefined ? 0 : counted.passed, failed: 1 };
  if (result.failed > 0) note(all);
  say(suiteLine(suite.title, result, performance.now() - started));
  return result;
}

/** A suite that could not be run at all, because of what the machine lacks. */
export function failSuite(suite: Suite, cause: string): SuiteResult {
  note(cause);
  const result = { passed: 0, failed: 1 };
  say(suiteLine(suite.title, result, 0));
  return result;
}

function suiteLine(title: string, { passed, failed }: SuiteResult, milliseconds: number): string {
  const mark = failed > 0 ? MARKS.failed : MARKS.done;
  return `${mark} ${title}: ${passed} passed, ${failed} failed (${formatDuration(milliseconds)})`;
}
