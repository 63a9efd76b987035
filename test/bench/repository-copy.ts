import { copyFile, cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

/** The stack that is measured. Nobody else's objects carry its name, so whatever does may be removed. */
export const BENCH_STACK = "bench";

const REPOSITORY = join(import.meta.dirname, "../..");

/** What a run of the program and of the CLI reads. */
const SOURCES = ["index.ts", "package.json", "package-lock.json", "Pulumi.yaml", "tsconfig.json"];
const SOURCE_FOLDERS = ["cli", "components", "examples", "offline", "stacks", "test"];
/** Decisions of the set-up, without which each run in the copy would ask the download sites again. */
const SETUP_MEMORY = join(".storytelling", "setup.json");

/**
 * A copy of the repository, so that measuring has a state of its own and leaves that of the user alone. Its stack
 * has the configuration of `dev` under another name.
 */
export async function copyRepository(copy: string): Promise<void> {
  await mkdir(join(copy, ".storytelling"), { recursive: true, mode: 0o700 });
  for (const name of SOURCES) await copyFile(join(REPOSITORY, name), join(copy, name));
  for (const name of SOURCE_FOLDERS) await cp(join(REPOSITORY, name), join(copy, name), { recursive: true });
  await copyFile(join(REPOSITORY, "Pulumi.dev.yaml"), join(copy, `Pulumi.${BENCH_STACK}.yaml`));
  await symlink(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  await copyFile(join(REPOSITORY, SETUP_MEMORY), join(copy, SETUP_MEMORY)).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
