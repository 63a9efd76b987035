import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { parse } from "yaml";
import { connectDocker } from "../../cli/docker/engine.ts";
import { prepareHost } from "../../cli/prepare.ts";
import { endSurvivors, findSurvivors } from "../../cli/process/survivors.ts";
import { prepareStack } from "../../cli/pulumi/stack.ts";
import type { LocalFacts } from "../../cli/pulumi/stack-file.ts";
import { openWorkspace, type Workspace } from "../../cli/pulumi/workspace.ts";
import { prepareToolchain, type Toolchain } from "../../cli/setup/toolchain.ts";
import { toYaml } from "../../components/core/yaml.ts";
import { assertHostIsFree, clearHost } from "./host.ts";
import type { Processes, TimedRun } from "./processes.ts";
import { compileCache, PulumiProject } from "./pulumi-project.ts";
import { recordDeployment, type Values, withStage } from "./recorded-deployment.ts";
import { BENCH_STACK, copyRepository } from "./repository-copy.ts";

/** What a scene consists of. */
interface SceneParts {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly toolchain: Toolchain;
  readonly facts: LocalFacts;
  readonly values: Values;
  readonly processes: Processes;
}

/** Where everything is measured: a folder with a copy of the repository, its own state, and a host without a platform. */
export class Scene {
  public readonly docker: Docker = connectDocker();
  public readonly processes: Processes;
  public readonly toolchain: Toolchain;
  /** The program that is measured. */
  public readonly platform: PulumiProject;
  /** Its configuration, without the project's prefix. */
  public readonly values: Values;
  readonly #folder: string;
  readonly #workspace: Workspace;
  readonly #facts: LocalFacts;
  readonly #programs = new Map<string, PulumiProject>();

  private constructor({ folder, workspace, toolchain, facts, values, processes }: SceneParts) {
    this.#folder = folder;
    this.#workspace = workspace;
    this.#facts = facts;
    this.toolchain = toolchain;
    this.values = values;
    this.processes = processes;
    this.platform = this.#projectIn(workspace.root, workspace.stackFile);
  }

  /** Does the set-up of `storytelling up`, then makes the copy with an empty stack. */
  public static async open(processes: Processes): Promise<Scene> {
    const toolchain = await prepareToolchain();
    const folder = await mkdtemp(join(tmpdir(), "storytelling-bench-"));
    try {
      const root = join(folder, "repository");
      await copyRepository(root);
      const workspace = await openWorkspace(BENCH_STACK, root);
      const facts = await prepareHost(workspace, {});
      const { config: values } = await prepareStack(workspace, toolchain, facts);
      return new Scene({ folder, workspace, toolchain, facts, values, processes });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Removes what an earlier measurement left behind, then refuses a host on which somebody's platform is. */
  public async claimHost(): Promise<void> {
    await clearHost(this.docker, this.#workspace);
    await assertHostIsFree(this.docker, await recordDeployment(this.values));
  }

  /** Containers, networks, volumes and state away; what is cached stays. */
  public async clear(): Promise<void> {
    await clearHost(this.docker, this.#workspace);
    await rm(this.#workspace.checkpointFile, { force: true });
    await prepareStack(this.#workspace, this.toolchain, this.#facts);
  }

  /** Leaves nothing behind, whatever was going on. */
  public async close(): Promise<void> {
    await endSurvivors(await findSurvivors(this.#workspace.backend));
    await clearHost(this.docker, this.#workspace);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A project of `test/bench/programs`, with a stack of its own beside that of the platform. */
  public async program(name: string): Promise<PulumiProject> {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const folder = join(this.#workspace.root, "test/bench", "programs", name);
    const project = this.#projectIn(folder, join(folder, `Pulumi.${BENCH_STACK}.yaml`));
    await project.init();
    this.#programs.set(name, project);
    return project;
  }

  /** The program with one more stage switched on. */
  public async withStage(stage: string): Promise<PulumiProject> {
    const { project, stackFile } = this.#workspace;
    const file = parse(await readFile(stackFile, "utf8")) as { readonly config: Values };
    const values = withStage({ stages: file.config[`${project}:stages`] }, stage);
    const config = { ...file.config, [`${project}:stages`]: values["stages"] };
    const attached = `${stackFile}.with-${stage}.yaml`;
    await writeFile(attached, toYaml({ ...file, config }));
    return this.#projectIn(this.#workspace.root, attached);
  }

  /** Keeps the state of this moment. The function that it returns brings it back. */
  public async keepState(): Promise<() => Promise<void>> {
    const { checkpointFile } = this.#workspace;
    const kept = await readFile(checkpointFile);
    return () => writeFile(checkpointFile, kept);
  }

  /** Runs a verb of the CLI on the measured stack. */
  public async storytelling(verb: string): Promise<TimedRun> {
    const { root } = this.#workspace;
    const command = [join(root, "cli", "bootstrap.mjs"), verb, "--stack", BENCH_STACK];
    return this.processes.run(process.execPath, command, {
      cwd: root,
      env: { NODE_COMPILE_CACHE: compileCache(this.#workspace) },
    });
  }

  /** A folder of its own for whoever needs files. */
  public async makeFolder(purpose: string): Promise<string> {
    return mkdtemp(join(this.#folder, `${purpose}-`));
  }

  #projectIn(folder: string, stackFile: string): PulumiProject {
    const { processes, toolchain } = this;
    return new PulumiProject({ folder, stackFile, workspace: this.#workspace, toolchain, processes });
  }
}
