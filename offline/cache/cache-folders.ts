import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder that is always ours to write: unpacked programs, logs, and artifacts unless another folder is given. */
export function cacheHome(): string {
  return join(homedir(), ".cache", "storytelling");
}

/** Where programs that were compiled or unpacked here are. */
export function programHome(): string {
  return join(cacheHome(), "bin");
}

/** Folders in which artifacts are looked for, in order: the one that `STORYTELLING_CACHE` names, then our own. */
export function artifactFolders(environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const given = environment["STORYTELLING_CACHE"];
  return given !== undefined && given !== "" ? [resolve(given), cacheHome()] : [cacheHome()];
}

/**
 * Whether a folder is meant to be written to. A folder that nobody may write is left alone by root too; one that
 * does not exist yet can be made.
 */
export async function isWritable(folder: string): Promise<boolean> {
  try {
    const { mode } = await stat(folder);
    await access(folder, constants.W_OK);
    return (mode & 0o222) !== 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
