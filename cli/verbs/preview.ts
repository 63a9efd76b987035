import { readFacts } from "../pulumi/facts.ts";
import { prepareStack } from "../pulumi/stack.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";

export interface PreviewOptions {
  readonly stack: string;
  readonly diff?: true;
  readonly json?: true;
  readonly policy?: true;
}

/** Shows what `up` would change. Needs neither a Docker daemon nor a database. Returns the exit code. */
export async function preview({ stack, diff, json, policy }: PreviewOptions): Promise<number> {
  const workspace = await openWorkspace(stack);
  const toolchain = await prepareToolchain();
  const { engine } = await prepareStack(workspace, toolchain, await readFacts(workspace));
  return engine.runProgram("preview", [
    "--parallel",
    "16",
    ...(diff === true ? ["--diff"] : []),
    ...(json === true ? ["--json"] : []),
    ...(policy === true ? engine.policyFlags : []),
  ]);
}
