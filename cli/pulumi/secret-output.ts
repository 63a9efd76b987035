import { UserError } from "../../components/core/errors.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { Engine } from "./engine.ts";
import type { Workspace } from "./workspace.ts";

/** Reads an output with its secrets. Throws a UserError when the stack has none of this name. */
export async function readSecretOutput(workspace: Workspace, name: string): Promise<string> {
  const engine = new Engine(workspace, await prepareToolchain());
  const value = await engine.runQuietly(["stack", "output", name, "--show-secrets", ...engine.stackFlag]);
  if (value === "") throw new UserError(`the stack has no output ${name}: run \`npm run up\``);
  return value;
}
