/** What every verb on events takes. */
export interface StackOptions {
  readonly stack: string;
  /** Whether a script reads the result. */
  readonly json?: true;
}
