/** Tells how far a long step is. Called as often as there is news; whoever shows it decides how often that is. */
export type ReportProgress = (status: string) => void;

/** How a long step talks to the person who waits for it. */
export interface Progress {
  readonly report: ReportProgress;
  /** Something worth knowing that does not stop the step, as one line that stays. */
  readonly warn: (line: string) => void;
}
