/** One part of the proof. */
export interface Suite {
  /** Name for `--only`. */
  readonly name: string;
  readonly title: string;
  /** Program of `node_modules/.bin` and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** File to which it writes its results as JSON. A suite without one counts as one check. */
  readonly report?: string;
  /** It needs Pulumi, a Docker daemon and the images. */
  readonly needsHost?: true;
}

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
}

/** The sum over all suites, as the last line of a test run. */
export function totalLine(results: readonly SuiteResult[]): string {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return `${passed} passed, ${failed} failed`;
}
