import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { parseConfig } from "../../stacks/config/load.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { readFacts } from "./facts.ts";
import { projectValues, withFacts, withoutSecrets } from "./stack-file.ts";
import type { Workspace } from "./workspace.ts";

/** The stack's configuration as the program reads it. Throws a UserError that names every key that is wrong. */
export async function readConfiguration(workspace: Workspace): Promise<PlatformConfig> {
  const { project, committedStackFile } = workspace;
  const file = parse(await readFile(committedStackFile, "utf8")) as {
    readonly config?: Readonly<Record<string, unknown>>;
  } | null;
  const config = withFacts(file?.config ?? {}, project, await readFacts(workspace));
  return parseConfig(projectValues(withoutSecrets(config), project));
}
