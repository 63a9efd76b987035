import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { PropertyMap } from "../../../../offline/providers/bridge/values.ts";
import type { BuiltPlugins } from "./built-plugins.ts";
import type { JobInputs } from "./job-program.ts";
import type { ProgramInputs } from "./program.ts";
import { nameOf } from "./recorded.ts";

export interface PlannedStep {
  readonly resource: string;
  readonly op: string;
  readonly reasons: readonly string[];
}

export interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly initErrors?: readonly string[];
}

export interface Run {
  readonly succeeded: boolean;
  readonly output: string;
}

/** Throws the whole output of a run that failed. */
export function assertSucceeded(run: Run): void {
  if (!run.succeeded) throw new Error(run.output);
}

interface PreviewDocument {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly diffReasons?: readonly string[];
    readonly replaceReasons?: readonly string[];
  }[];
}

const REPOSITORY = join(import.meta.dirname, "..", "..", "..", "..");

/** A project of its own, with its own state, that the real Pulumi CLI runs with the stand-in plugins. */
export class Deployment {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(folder: string, plugins: BuiltPlugins) {
    this.#folder = folder;
    this.#environment = {
      PATH: `${plugins.folder}:${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }

  /** `project` is the project's name in every URN, `program` a file of this folder. */
  public static async create(
    project: string,
    plugins: BuiltPlugins,
    program = "program.ts",
  ): Promise<Deployment> {
    const folder = await mkdtemp(join(tmpdir(), "storytelling-deployment-"));
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project}\nmain: program.ts\n${runtime}\n`);
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    // A link and no copy: the program imports from where it really is.
    await symlink(join(import.meta.dirname, program), join(folder, "program.ts"));
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, "state"));
    const deployment = new Deployment(folder, plugins);
    await deployment.#succeed("stack", "init", "dev");
    return deployment;
  }

  public async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  public async setInputs(inputs: ProgramInputs | JobInputs): Promise<void> {
    await writeFile(join(this.#folder, "inputs.json"), JSON.stringify(inputs));
  }

  /** A Docker build context with these files, relative to the project. */
  public async writeContext(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(join(this.#folder, name), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      await writeFile(join(this.#folder, name, file), content);
    }
  }

  public async up(): Promise<Run> {
    return this.#run("up", "--yes", "--skip-preview", "--suppress-progress");
  }

  public async refresh(): Promise<Run> {
    return this.#run("refresh", "--yes", "--skip-preview", "--suppress-progress");
  }

  public async destroy(): Promise<Run> {
    return this.#run("destroy", "--yes", "--skip-preview", "--suppress-progress");
  }

  /** What would change, without the resources that stay as they are. */
  public async preview(): Promise<readonly PlannedStep[]> {
    const { stdout } = await this.#succeed("preview", "--json");
    const steps = (JSON.parse(stdout) as PreviewDocument).steps ?? [];
    return steps
      .filter(({ op }) => !["same", "create-replacement", "delete-replaced"].includes(op))
      .map(({ op, urn, diffReasons, replaceReasons }) => ({
        resource: nameOf(urn),
        op,
        reasons: [...(replaceReasons ?? diffReasons ?? [])].sort(),
      }));
  }

  /** The stored resources by logical name, without stack and providers. */
  public async resources(): Promise<ReadonlyMap<string, StoredResource>> {
    const { stdout } = await this.#succeed("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(stdout) as {
      readonly deployment: { readonly resources?: readonly StoredResource[] };
    };
    const stored = (deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
    return new Map(stored.map((resource) => [nameOf(resource.urn), resource]));
  }

  async #succeed(...args: readonly string[]) {
    return execa("pulumi", [...args, "--non-interactive"], { cwd: this.#folder, env: this.#environment });
  }

  async #run(...args: readonly string[]): Promise<Run> {
    const { failed, all } = await execa("pulumi", [...args, "--non-interactive"], {
      cwd: this.#folder,
      env: this.#environment,
      reject: false,
      all: true,
    });
    return { succeeded: !failed, output: all };
  }
}
