import { join } from "node:path";
import { pulumiVariables, QUICK_RUN } from "../../cli/pulumi/environment.ts";
import type { Workspace } from "../../cli/pulumi/workspace.ts";
import type { Toolchain } from "../../cli/setup/toolchain.ts";
import type { Processes, TimedRun, Variables } from "./processes.ts";

/** The part of a workspace that says where the state is. */
type Backend = Pick<Workspace, "backend" | "passphraseFile" | "stack">;

export interface PulumiProjectArgs {
  /** Where the program is. */
  readonly folder: string;
  /** Its configuration. */
  readonly stackFile: string;
  readonly workspace: Backend;
  readonly toolchain: Toolchain;
  readonly processes: Processes;
}

/** A program with the stack that is measured, under the settings with which `storytelling` runs Pulumi. */
export class PulumiProject {
  readonly #args: PulumiProjectArgs;

  public constructor(args: PulumiProjectArgs) {
    this.#args = args;
  }

  /** Makes an empty stack. */
  public async init(): Promise<void> {
    await this.#run(["stack", "init", "--secrets-provider", "passphrase"]);
  }

  public async setConfiguration(key: string, value: string): Promise<void> {
    await this.#run(["config", "set", key, value, "--config-file", this.#args.stackFile]);
  }

  /** As `storytelling up` calls it. `variables` change its environment. */
  public async up(variables: Variables = {}): Promise<TimedRun> {
    return this.#run(["up", "--yes", "--skip-preview", ...this.#programOptions()], variables);
  }

  /** As `storytelling preview` calls it. */
  public async preview(variables: Variables = {}): Promise<TimedRun> {
    return this.#run(["preview", ...this.#programOptions()], variables);
  }

  #programOptions(): readonly string[] {
    return ["--config-file", this.#args.stackFile, ...QUICK_RUN];
  }

  async #run(args: readonly string[], variables: Variables = {}): Promise<TimedRun> {
    const { folder, workspace, toolchain, processes } = this.#args;
    return processes.run(toolchain.pulumi, [...args, "--stack", workspace.stack, "--non-interactive"], {
      cwd: folder,
      env: {
        ...toolchain.env,
        ...pulumiVariables(workspace),
        NODE_COMPILE_CACHE: compileCache(workspace),
        ...variables,
      },
    });
  }
}

/** Where Node keeps compiled code, here of the measured runs alone. */
export function compileCache({ backend }: Pick<Workspace, "backend">): string {
  return join(backend, "compile-cache");
}
