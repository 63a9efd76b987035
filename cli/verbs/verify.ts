import type Docker from "dockerode";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { readSecretOutput } from "../pulumi/secret-output.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
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

/** Proves from outside that the platform, or one stage, does what the sources demand. Returns the exit code. */
export async function verify(
  stage: string | undefined,
  { stack, quick, json }: VerifyOptions,
): Promise<number> {
  const workspace = await openWorkspace(stack);
  const docker = connectDocker();
  await assertDockerAnswers(docker);
  const tell = (result: CheckResult): void => {
    if (json !== true) say(formatCheck(result));
  };
  const results = await prove(workspace, docker, quick === true ? "quick" : "complete", tell, stage);
  if (json === true) say(JSON.stringify(results, undefined, 2));
  else say(summary(results));
  return exitCodeOf(results);
}

/** Runs the checks of a depth on the stack, or on one stage. */
export async function prove(
  workspace: Workspace,
  docker: Docker,
  depth: Depth,
  onResult: (result: CheckResult) => void,
  stage?: string,
): Promise<CheckResult[]> {
  const context = await openContext(workspace, docker, (name) => readSecretOutput(workspace, name), stage);
  return runVerification(context, depth, onResult);
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
