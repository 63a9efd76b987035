import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheHome } from "./cache-folders.ts";

/** Longer than any build takes. */
const LEFTOVER_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Runs work in an empty folder, which is removed afterwards, and removes what runs that were killed have left. */
export async function withWorkingFolder<Result>(
  name: string,
  work: (folder: string) => Promise<Result>,
  parent: string = join(cacheHome(), "tmp"),
): Promise<Result> {
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const folder = await mkdtemp(join(parent, `${name}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const folder = join(parent, entry);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > LEFTOVER_MILLISECONDS) await rm(folder, { recursive: true, force: true });
  }
}
