import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProviders } from "../../../../offline/providers/build.ts";

/** The three plugins, freshly built into a folder of their own. */
export interface BuiltPlugins {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

export async function buildPlugins(): Promise<BuiltPlugins> {
  const folder = await mkdtemp(join(tmpdir(), "storytelling-plugins-"));
  await buildProviders(folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
