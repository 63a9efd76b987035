import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Toolchain } from "../setup/toolchain.ts";
import { Engine } from "./engine.ts";
import { ensurePassphrase } from "./passphrase.ts";
import { type LocalFacts, writeStackFile } from "./stack-file.ts";
import type { Workspace } from "./workspace.ts";

/** A stack of the local backend that Pulumi can work on. */
export interface ReadyStack {
  readonly engine: Engine;
  /** The effective configuration of the project, as YAML has it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Makes whatever the stack lacks: passphrase, project file, the stack itself, effective configuration. */
export async function prepareStack(
  workspace: Workspace,
  toolchain: Toolchain,
  facts: LocalFacts,
): Promise<ReadyStack> {
  await ensurePassphrase(workspace.passphraseFile);
  const config = await writeStackFile(workspace, facts);
  const engine = new Engine(workspace, toolchain);
  await ensureStack(workspace, engine);
  return { engine, config };
}

/** Makes the stack in the local backend unless it is there. */
export async function ensureStack(workspace: Workspace, engine: Engine): Promise<void> {
  if (await hasState(workspace)) return;
  await writeProjectFile(workspace);
  await engine.runQuietly([
    "stack",
    "init",
    ...engine.stackFlag,
    "--no-select",
    "--secrets-provider",
    "passphrase",
  ]);
}

/** Whether the stack was ever made on this machine. */
async function hasState(workspace: Workspace): Promise<boolean> {
  return access(workspace.checkpointFile).then(
    () => true,
    () => false,
  );
}

/** Verbs that run no program work in a folder of their own, because Pulumi writes the salt beside the project file. */
async function writeProjectFile(workspace: Workspace): Promise<void> {
  await mkdir(workspace.stacksDirectory, { recursive: true });
  const text = stringify({ name: workspace.project, runtime: "nodejs" });
  await writeFile(join(workspace.stacksDirectory, "Pulumi.yaml"), text);
}
