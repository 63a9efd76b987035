import { execa } from "execa";

const LAST_LINES = 15;

export interface ProgramRun {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line of output and errors, in their order. */
  readonly onLine: (line: string) => void;
}

/** How a program ended. */
export interface ProgramResult {
  readonly failed: boolean;
  /** There is no such program. */
  readonly missing: boolean;
  /** What it printed last, indented for an error message. */
  readonly lastLines: string;
}

/** Runs a program that takes long, line by line. Does not throw when it fails: the caller knows the remedy. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { folder, environment = {}, onLine }: ProgramRun,
): Promise<ProgramResult> {
  const run = execa(program, args, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: environment,
    stdin: "ignore",
    all: true,
    reject: false,
    buffer: false,
  });
  const lastLines: string[] = [];
  for await (const line of run.iterable({ from: "all" })) {
    lastLines.push(`    ${line}`);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    onLine(line);
  }
  const result = await run;
  return { failed: result.failed, missing: result.code === "ENOENT", lastLines: lastLines.join("\n") };
}
