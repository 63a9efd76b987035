import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toYaml } from "../../../components/core/yaml.ts";
import { ArtifactCache } from "../../../offline/cache/artifact-cache.ts";
import { provideGoProgram } from "../../../offline/go/go-program.ts";
import { GO_RECIPES } from "../../../offline/go/recipes.ts";
import type { Processes, TimedRun } from "../processes.ts";
import type { ComposeProject } from "./compose-file.ts";

export const COMPOSE_VERSION: string = GO_RECIPES["docker-compose"].version;

/** Path of the compose that is compared with; compiled when it is in no cache. */
export async function provideCompose(report: (line: string) => void): Promise<string> {
  return provideGoProgram("docker-compose", new ArtifactCache(report), report);
}

/** A compose project in a folder. */
export class ComposeCommand {
  readonly #program: string;
  readonly #folder: string;
  readonly #processes: Processes;

  private constructor(program: string, folder: string, processes: Processes) {
    this.#program = program;
    this.#folder = folder;
    this.#processes = processes;
  }

  /** Writes the project into the folder. */
  public static async write(
    { document, files }: ComposeProject,
    folder: string,
    program: string,
    processes: Processes,
  ): Promise<ComposeCommand> {
    await writeFile(join(folder, "compose.yaml"), toYaml(document));
    for (const [path, content] of files) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode: 0o644 });
    }
    return new ComposeCommand(program, folder, processes);
  }

  /** From nothing to running and, where there is a health check, healthy. */
  public async up(): Promise<TimedRun> {
    return this.#run(["up", "--detach", "--wait", "--quiet-pull"]);
  }

  public async down(): Promise<void> {
    await this.#run(["down", "--timeout", "0"]);
  }

  async #run(args: readonly string[]): Promise<TimedRun> {
    const project = ["--project-name", "storytelling-bench", "--project-directory", this.#folder];
    return this.#processes.run(
      this.#program,
      ["--file", join(this.#folder, "compose.yaml"), ...project, ...args],
      { cwd: this.#folder },
    );
  }
}
