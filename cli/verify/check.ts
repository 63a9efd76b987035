/** What a check found out when it did not fail. */
export interface Finding {
  /** What was seen, in a few words. */
  readonly detail: string;
  /** It works, and something about it deserves a look. */
  readonly warning?: true;
}

/** One thing that must hold, asked from outside. */
export interface Check {
  readonly name: string;
  /** The row of the sources that demands it. */
  readonly source?: string;
  /** What to do when it fails. */
  readonly remedy: string;
  /** It disturbs the others: it runs alone, after all of them. */
  readonly disturbing?: true;
  /** Fails by throwing. */
  readonly run: () => Promise<Finding>;
}

export interface CheckResult {
  readonly name: string;
  readonly source?: string;
  readonly status: "passed" | "warning" | "failed";
  readonly detail: string;
  readonly remedy?: string;
  readonly milliseconds: number;
}

/** What a check saw and what it should have seen. Told without a stack. */
export class CheckFailure extends Error {
  public override readonly name = "CheckFailure";
}

/** Throws a CheckFailure unless the condition holds. */
export function expectThat(condition: boolean, failure: string): asserts condition {
  if (!condition) throw new CheckFailure(failure);
}
