import { styleText } from "node:util";

/** One line for a person. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One line that does not belong to a verb's result: it stays out of what a script reads. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Marks in front of a line: done, failed, worth knowing. */
export const MARKS = {
  done: styleText("green", "✔"),
  failed: styleText("red", "✖"),
  warning: styleText("yellow", "!"),
  found: styleText("cyan", "•"),
} as const;
