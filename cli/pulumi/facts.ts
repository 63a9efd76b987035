import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalFacts } from "./stack-file.ts";
import type { Workspace } from "./workspace.ts";

/** Keeps what set-up found out, for verbs that do no set-up of their own. */
export async function writeFacts(workspace: Workspace, facts: LocalFacts): Promise<void> {
  await writeFile(factsFile(workspace), JSON.stringify(facts, undefined, 2));
}

/** What the last set-up found out. Nothing before the first one, or when its file was damaged. */
export async function readFacts(workspace: Workspace): Promise<LocalFacts> {
  try {
    return JSON.parse(await readFile(factsFile(workspace), "utf8")) as LocalFacts;
  } catch {
    return {};
  }
}

function factsFile({ backend }: Workspace): string {
  return join(backend, "facts.json");
}
