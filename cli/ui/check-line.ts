import { styleText } from "node:util";
import type { CheckResult } from "../verify/check.ts";
import { formatDuration } from "./duration.ts";
import { MARKS } from "./say.ts";

const MARK_OF = { passed: MARKS.done, warning: MARKS.warning, failed: MARKS.failed } as const;

/** One check in one line; a failed one with what to do in a second. */
export function formatCheck({ name, source, status, detail, remedy, milliseconds }: CheckResult): string {
  const origin = source === undefined ? "" : ` (${source})`;
  const result = styleText("dim", `${detail.replaceAll("\n", " ")} ${formatDuration(milliseconds)}`);
  const line = `${MARK_OF[status]} ${name}${origin}: ${result}`;
  return remedy === undefined ? line : `${line}\n  → ${remedy}`;
}
