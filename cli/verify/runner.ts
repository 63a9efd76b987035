import type { Check, CheckResult } from "./check.ts";

/** Checks wait for Docker and for other services most of the time. */
const PARALLEL = 8;

/**
 * Runs every check, whatever the others say, and hands each result over in the order of the checks. Those that
 * disturb others run one by one at the end.
 */
export async function runChecks(
  checks: readonly Check[],
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const gentle = checks.filter(({ disturbing }) => disturbing !== true);
  const disturbing = checks.filter((check) => check.disturbing === true);
  const results: CheckResult[] = [];
  const report = (result: CheckResult): void => {
    results.push(result);
    onResult(result);
  };
  await runInOrder(gentle, report);
  for (const check of disturbing) report(await runCheck(check));
  return results;
}

/** Starts the checks in their order, some at a time, and reports each as soon as all before it are reported. */
async function runInOrder(checks: readonly Check[], report: (result: CheckResult) => void): Promise<void> {
  const waiting = checks.map((check) => ({ check, done: Promise.withResolvers<CheckResult>() }));
  const queue = waiting.values();
  const worker = async (): Promise<void> => {
    for (const { check, done } of queue) done.resolve(await runCheck(check));
  };
  const workers = Array.from({ length: PARALLEL }, worker);
  for (const { done } of waiting) report(await done.promise);
  await Promise.all(workers);
}

async function runCheck({ name, source, remedy, run }: Check): Promise<CheckResult> {
  const started = performance.now();
  const about = { name, ...(source === undefined ? {} : { source }) };
  try {
    const { detail, warning } = await run();
    const status = warning === true ? "warning" : "passed";
    return { ...about, status, detail, milliseconds: performance.now() - started };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...about, status: "failed", detail, remedy, milliseconds: performance.now() - started };
  }
}
