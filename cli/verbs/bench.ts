import { join } from "node:path";
import { execa } from "execa";
import { prepareHost } from "../prepare.ts";
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
  const { exitCode } = await execa(process.execPath, [join(workspace.root, "test/bench/main.ts"), ...args], {
    cwd: workspace.root,
    env,
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}
