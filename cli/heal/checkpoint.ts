import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "../pulumi/workspace.ts";
import { MARKS, note } from "../ui/say.ts";

/**
 * Pulumi writes the state in place, so a run that is killed in that instant leaves half a file, which every later
 * run refuses. The newest whole copy is put back; what was done since is found on the host by its labels.
 */
export async function recoverCheckpoint(workspace: Workspace): Promise<void> {
  const { checkpointFile } = workspace;
  const text = await readIfThere(checkpointFile);
  if (text === undefined || isWhole(text)) return;
  for (const copy of await copies(workspace)) {
    const earlier = await readIfThere(copy);
    if (earlier !== undefined && isWhole(earlier)) {
      await replaceFile(checkpointFile, earlier);
      note(`${MARKS.found} the state was cut off when a run was killed: its newest whole copy is used`);
      return;
    }
  }
  await rm(checkpointFile);
  note(
    `${MARKS.found} the state was cut off when a run was killed, before anything was in it: it begins anew`,
  );
}

/** Newest first: Pulumi's own backup of the step before, then the states after each earlier run. */
async function copies({ checkpointFile, historyDirectory }: Workspace): Promise<string[]> {
  const history = await readdir(historyDirectory).catch(() => []);
  const checkpoints = history
    .filter((file) => file.endsWith(".checkpoint.json"))
    .sort((a, b) => (a < b ? 1 : -1));
  return [`${checkpointFile}.bak`, ...checkpoints.map((file) => join(historyDirectory, file))];
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.restored`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, file);
}
