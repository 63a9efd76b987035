import { execa } from "execa";

/** Variables that a command gets besides those of this process; `undefined` takes one away. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Variables;
}

export interface TimedRun {
  readonly seconds: number;
  readonly output: string;
}

/** Runs commands one after the other, until somebody interrupts. */
export class Processes {
  readonly #interrupted: AbortSignal;

  public constructor(interrupted: AbortSignal) {
    this.#interrupted = interrupted;
  }

  /** Runs a command to its end. Throws with its output when it fails or is interrupted. */
  public async run(program: string, args: readonly string[], options: CommandOptions): Promise<TimedRun> {
    this.#interrupted.throwIfAborted();
    const started = performance.now();
    const { failed, all, shortMessage } = await execa(program, args, {
      ...options,
      stdin: "ignore",
      all: true,
      reject: false,
      cancelSignal: this.#interrupted,
    });
    const seconds = (performance.now() - started) / 1000;
    this.#interrupted.throwIfAborted();
    if (failed) throw new Error(`${shortMessage}\n${all}`);
    return { seconds, output: all };
  }
}
