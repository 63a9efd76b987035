import { join } from "node:path";
import { RUN_VARIABLE } from "../../cli/process/survivors.ts";
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
    const quick = ["--parallel", "16", "--skip-plugin-pre-install", "--suppress-outputs"];
    return ["--config-file", this.#args.stackFile, ...quick, "--suppress-permalink=true"];
  }

  async #run(args: readonly string[], variables: Variables = {}): Promise<TimedRun> {
    const { folder, workspace, toolchain, processes } = this.#args;
    return processes.run(toolchain.pulumi, [...args, "--stack", workspace.stack, "--non-interactive"], {
      cwd: folder,
      env: { ...toolchain.env, ...backendVariables(workspace), ...variables },
    });
  }
}

/** The variables of `cli/pulumi/engine.ts`. */
function backendVariables({ backend, passphraseFile }: Backend): Variables {
  return {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_STACK: undefined,
    [RUN_VARIABLE]: backend,
    NODE_COMPILE_CACHE: compileCache({ backend }),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** Where Node keeps compiled code, here of the measured runs alone. */
export function compileCache({ backend }: Pick<Workspace, "backend">): string {
  return join(backend, "compile-cache");
}
