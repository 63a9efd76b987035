import { join } from "node:path";
import { prepareHost } from "../prepare.ts";
import { runInForeground } from "../process/foreground.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";

export interface BenchOptions {
  readonly stack: string;
}

/** Measures the speed of the platform against its yardsticks. Further arguments go to the benchmark. */
export async function bench({ stack }: BenchOptions, args: readonly string[]): Promise<number> {
  const workspace = await openWorkspace(stack);
  const { env } = await prepareToolchain();
  await prepareHost(workspace, {});
  const program = join(workspace.root, "test/bench/main.ts");
  return runInForeground(process.execPath, [program, ...args], { cwd: workspace.root, env });
}
