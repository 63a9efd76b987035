/** One thing that is wrong with what the user wrote, in the user's words. */
export interface Problem {
  /** The key, as the user writes it, for example `stages.nlp.services.orchestrator.limits.cpus`. */
  readonly key: string;
  /** What is wrong: the value received, what is allowed and what to do. */
  readonly reason: string;
}

/** A mistake of the user, told without a stack trace. Anything else is a bug and keeps its stack. */
export class UserError extends Error {
  public override readonly name = "UserError";
  /** The mark by which Pulumi prints the message alone. */
  public readonly __pulumiRunError = true;
}

/** Throws one error that tells every problem at once; returns when there is none. */
export function assertNoProblems(title: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw problemsError(title, problems);
}

/** One error that tells every problem. */
export function problemsError(title: string, problems: readonly Problem[]): UserError {
  const lines = problems.map(({ key, reason }) => `  ✖ ${key}: ${reason}`);
  return new UserError(`${title}\n${lines.join("\n")}`);
}
