import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

export interface ForegroundOptions {
  readonly cwd: string;
  /** Added to this process's own variables; one that is undefined is taken away. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs a program on this terminal and outlives it: an interrupt is for the program, which ends in good order.
 * Returns its exit code, or 128 and the signal's number as a shell does. Without the library for the other
 * programs, whose loading costs a tenth of a second that an unchanged `up` notices.
 */
export async function runInForeground(
  command: string,
  args: readonly string[],
  { cwd, env }: ForegroundOptions,
): Promise<number> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
  const forwarding = forwardSignals(child);
  try {
    const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    forwarding[Symbol.dispose]();
  }
}

function forwardSignals(child: ChildProcess): Disposable {
  const handlers = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) => {
    const handler = (): void => {
      // A terminal interrupts the whole group; a second interrupt would mean "stop at once".
      if (name !== "SIGINT" || !process.stdin.isTTY) child.kill("SIGINT");
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return {
    [Symbol.dispose]() {
      for (const remove of handlers) remove();
    },
  };
}
