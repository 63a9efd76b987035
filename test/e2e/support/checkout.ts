import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Engine } from "../../../cli/pulumi/engine.ts";
import { openWorkspace } from "../../../cli/pulumi/workspace.ts";
import { prepareToolchain } from "../../../cli/setup/toolchain.ts";

const REPOSITORY = join(import.meta.dirname, "..", "..", "..");

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  /** What a person sees: both streams in their order. */
  readonly output: string;
}

/** A copy of the project as git has it, with state and configuration of its own; the packages are shared. */
export class Checkout {
  public readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  public static async create(): Promise<Checkout> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "storytelling-e2e-")));
    try {
      await copyWorkingTree(root);
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      throw error;
    }
    return new Checkout(root);
  }

  /** Runs a verb of the CLI as `npm run` does. */
  public async storytelling(...args: readonly string[]): Promise<Run> {
    const result = await this.start(args);
    return { exitCode: result.exitCode ?? 1, stdout: result.stdout, output: result.all };
  }

  /** Runs a verb that must succeed and returns what a person sees. Throws it when the verb fails. */
  public async succeed(...args: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.storytelling(...args);
    if (exitCode !== 0)
      throw new Error(`\`storytelling ${args.join(" ")}\` ended with ${exitCode}:\n${output}`);
    return output;
  }

  /** The same with a standard input. */
  public async succeedWith(input: string, ...args: readonly string[]): Promise<void> {
    await execa("node", ["cli/bootstrap.mjs", ...args], { cwd: this.root, input });
  }

  /** Starts a verb in a process group of its own, so that a test can kill all of it. */
  public start(args: readonly string[]) {
    return execa("node", ["cli/bootstrap.mjs", ...args], {
      cwd: this.root,
      all: true,
      reject: false,
      stdin: "ignore",
      detached: true,
    });
  }

  /** Runs a Pulumi command on the state and returns what it prints; a failure is thrown. */
  public async pulumi(command: string, ...args: readonly string[]): Promise<string> {
    const engine = new Engine(await openWorkspace("dev", this.root), await prepareToolchain());
    return engine.runQuietly([...command.split(" "), ...engine.stackFlag, ...args]);
  }

  /** Replaces a piece of the committed configuration. Throws when it is not there. */
  public async configure(before: string, after: string): Promise<void> {
    const file = join(this.root, "Pulumi.dev.yaml");
    const text = await readFile(file, "utf8");
    if (!text.includes(before)) throw new Error(`Pulumi.dev.yaml has no ${JSON.stringify(before)}`);
    await writeFile(file, text.replace(before, after));
  }

  /** Files that a run changed or added to the working tree. */
  public async changedFiles(): Promise<string> {
    const { stdout } = await execa(
      "git",
      ["status", "--porcelain", "--", ":!node_modules", ":!Pulumi.dev.yaml"],
      {
        cwd: this.root,
      },
    );
    return stdout;
  }

  /** Takes what a stack made off the host with its data, and the copy off the disk. */
  public async remove(stack = "dev"): Promise<void> {
    try {
      await this.succeed("destroy", "--stack", stack, "--yes", "--delete-data");
    } finally {
      await rm(this.root, { recursive: true, force: true });
    }
  }
}

/** The files as they are, committed or not, in a repository of one commit. */
async function copyWorkingTree(root: string): Promise<void> {
  const list = async (...args: string[]) =>
    (await execa("git", ["ls-files", ...args], { cwd: REPOSITORY })).stdout.split("\n");
  const deleted = new Set(await list("--deleted"));
  for (const file of await list("--cached", "--others", "--exclude-standard")) {
    if (!deleted.has(file)) await cp(join(REPOSITORY, file), join(root, file), { recursive: true });
  }
  await symlink(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
  const git = (...args: string[]) => execa("git", args, { cwd: root });
  await git("init", "--quiet");
  await git("add", "--all", "--", ":!node_modules");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  await git(...author, "commit", "--quiet", "--message=copy");
}
