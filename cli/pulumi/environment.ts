import { join } from "node:path";
import { RUN_VARIABLE } from "../process/survivors.ts";
import type { Workspace } from "./workspace.ts";

/** The variables under which Pulumi works on the local backend of a workspace. */
export function pulumiVariables({
  backend,
  passphraseFile,
}: Pick<Workspace, "backend" | "passphraseFile">): NodeJS.ProcessEnv {
  return {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    // A passphrase of the user's own backend would win over the file.
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_STACK: undefined,
    [RUN_VARIABLE]: backend,
    // Loading the SDK costs most of an unchanged run.
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(backend, "compile-cache"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** How a run of the program is told to waste no time. */
export const QUICK_RUN = [
  "--parallel",
  "16",
  "--skip-plugin-pre-install",
  "--suppress-outputs",
  "--suppress-permalink=true",
] as const;
