import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { Engine } from "../pulumi/engine.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { formatCheck } from "../ui/check-line.ts";
import { MARKS, say } from "../ui/say.ts";
import type { CheckResult } from "../verify/check.ts";
import { openContext } from "../verify/context.ts";
import { type Depth, verify as runVerification } from "../verify/verify.ts";

export interface VerifyOptions {
  readonly stack: string;
  readonly quick?: true;
  readonly json?: true;
}

/** Proves from outside that the platform does what the sources demand. Returns the exit code. */
export async function verify({ stack, quick, json }: VerifyOptions): Promise<number> {
  const workspace = await openWorkspace(stack);
  const docker = connectDocker();
  await assertDockerAnswers(docker);
  const results = await prove(workspace, docker, quick === true ? "quick" : "complete", (result) => {
    if (json !== true) say(formatCheck(result));
  });
  if (json === true) say(JSON.stringify(results, undefined, 2));
  else say(summary(results));
  return exitCodeOf(results);
}

/** Runs the checks of a depth on the stack. */
export async function prove(
  workspace: Workspace,
  docker: Docker,
  depth: Depth,
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const context = await openContext(workspace, docker, (name) => readSecretOutput(workspace, name));
  return runVerification(context, depth, onResult);
}

async function readSecretOutput(workspace: Workspace, name: string): Promise<string> {
  const engine = new Engine(workspace, await prepareToolchain());
  const value = await engine.runQuietly(["stack", "output", name, "--show-secrets", ...engine.stackFlag]);
  if (value === "") throw new UserError(`the stack has no output ${name}: run \`npm run up\``);
  return value;
}

export function exitCodeOf(results: readonly CheckResult[]): number {
  return results.some(({ status }) => status === "failed") ? 1 : 0;
}

/** How many checks passed, warned and failed, in one line. */
export function summary(results: readonly CheckResult[]): string {
  const count = (status: CheckResult["status"]): number =>
    results.filter((result) => result.status === status).length;
  const warnings = count("warning");
  const failed = count("failed");
  const parts = [
    `${count("passed")} checks passed`,
    ...(warnings > 0 ? [`${warnings} with a warning`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `${failed > 0 ? MARKS.failed : MARKS.done} ${parts.join(", ")}`;
}
