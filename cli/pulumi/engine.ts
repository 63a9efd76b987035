import { UserError } from "../../components/core/errors.ts";
import { runInForeground } from "../process/foreground.ts";
import type { Toolchain } from "../setup/toolchain.ts";
import { pulumiVariables } from "./environment.ts";
import type { Workspace } from "./workspace.ts";

/** Pulumi on one stack of the local backend. */
export class Engine {
  readonly #workspace: Workspace;
  readonly #command: string;
  readonly #env: NodeJS.ProcessEnv;
  /** Has the rules of `policy/` judge every resource before anything is changed. */
  public readonly policyFlags: readonly string[];

  public constructor(workspace: Workspace, toolchain: Toolchain) {
    this.#workspace = workspace;
    this.#command = toolchain.pulumi;
    this.policyFlags = ["--policy-pack", toolchain.policyPack];
    this.#env = {
      ...toolchain.env,
      ...pulumiVariables(workspace),
    };
  }

  /** Names the stack to a command. */
  public get stackFlag(): readonly string[] {
    return ["--stack", this.#workspace.stack];
  }

  /** Runs a command on the program, with Pulumi's own progress on the terminal. Returns its exit code. */
  public async runProgram(command: string, args: readonly string[]): Promise<number> {
    return this.#run(this.#workspace.root, [
      command,
      ...this.stackFlag,
      "--config-file",
      this.#workspace.stackFile,
      ...args,
    ]);
  }

  /** Runs a command on the program whose progress nobody needs to see. Throws a UserError with it when it fails. */
  public async runProgramQuietly(command: string, args: readonly string[]): Promise<string> {
    const { root, stackFile } = this.#workspace;
    return this.#capture(root, [command, ...this.stackFlag, "--config-file", stackFile, ...args]);
  }

  /** Runs a command on the state alone, with Pulumi's own progress on the terminal. Returns its exit code. */
  public async runOnState(command: string, args: readonly string[]): Promise<number> {
    return this.#run(this.#workspace.stacksDirectory, [command, ...this.stackFlag, ...args]);
  }

  /** Runs a command whose output nobody needs to see. Throws a UserError with that output when it fails. */
  public async runQuietly(args: readonly string[], input?: string): Promise<string> {
    return this.#capture(this.#workspace.stacksDirectory, args, input);
  }

  async #capture(cwd: string, args: readonly string[], input?: string): Promise<string> {
    const { execa } = await import("execa");
    const result = await execa(this.#command, [...args, "--non-interactive"], {
      cwd,
      env: this.#env,
      reject: false,
      ...(input === undefined ? {} : { input }),
    });
    if (result.exitCode === 0) return result.stdout;
    throw new UserError(
      `\`pulumi ${args.join(" ")}\` failed:\n${result.stderr || result.stdout || result.message}`,
    );
  }

  async #run(cwd: string, args: readonly string[]): Promise<number> {
    const interactive = process.stdout.isTTY ? [] : ["--non-interactive"];
    return runInForeground(this.#command, [...args, ...interactive], { cwd, env: this.#env });
  }
}
