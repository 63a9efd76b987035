import type Docker from "dockerode";
import { configSchema, type PlatformConfig } from "../../stacks/config/schema.ts";
import { explainFailure } from "../diagnose/explain-failure.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { serviceRows } from "../docker/service-state.ts";
import { type HealContext, type HealResult, heal } from "../heal/heal.ts";
import { recoverStack } from "../heal/recover.ts";
import { assertGpusThere } from "../preflight/gpu.ts";
import { memoryWarning } from "../preflight/memory.ts";
import { assertNamesFree } from "../preflight/names.ts";
import { assertPortsFree, wantedPorts } from "../preflight/ports.ts";
import { prepareHost } from "../prepare.ts";
import { QUICK_RUN } from "../pulumi/environment.ts";
import { writeFacts } from "../pulumi/facts.ts";
import { platformOutputs } from "../pulumi/outputs.ts";
import { withRunLock } from "../pulumi/run-lock.ts";
import { prepareStack } from "../pulumi/stack.ts";
import { lastResourceChanges, readState } from "../pulumi/state.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { formatCheck } from "../ui/check-line.ts";
import { formatDuration } from "../ui/duration.ts";
import { MARKS, note, say } from "../ui/say.ts";
import { serviceTable } from "../ui/service-table.ts";
import { exitCodeOf, prove, summary } from "./verify.ts";

export interface UpOptions {
  readonly stack: string;
  readonly expectNoChanges?: true;
  readonly skipVerify?: true;
  readonly acceptDataLoss?: true;
  readonly setAside?: true;
  readonly checkOfficial?: true;
  readonly policy?: true;
}

/** A lost database shows when its server runs again: then the program has to run once more. */
const MOST_ROUNDS = 3;

/** Brings the platform up and proves it. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const started = performance.now();
  const workspace = await openWorkspace(options.stack);
  const check = { checkOfficial: options.checkOfficial === true };
  return withRunLock(workspace, "up", async () => {
    const toolchain = await prepareToolchain(undefined, check);
    const facts = await prepareHost(workspace, check);
    const docker = connectDocker();
    await assertDockerAnswers(docker);
    await writeFacts(workspace, facts);
    const { engine, config } = await prepareStack(workspace, toolchain, facts);
    await recoverStack(workspace, engine);
    const context: HealContext = {
      workspace,
      engine,
      docker,
      permissions: { acceptDataLoss: options.acceptDataLoss === true },
    };

    const exitCode = await converge(context, config, options);
    if (exitCode !== 0) return exitCode;
    const verified = options.skipVerify === true ? 0 : await verifyAfterUp(workspace, docker);
    await printServices(workspace, docker);
    say(`${verified === 0 ? MARKS.done : MARKS.failed} up in ${formatDuration(performance.now() - started)}`);
    return verified;
  });
}

async function converge(context: HealContext, config: unknown, options: UpOptions): Promise<number> {
  let exitCode = 0;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const healed = await heal(context);
    if (round > 1 && healed.found === 0) break;
    await preflight(context, healed, config, options);
    exitCode = await runPulumi(context, options);
    if (!healed.databasesUnknown) break;
  }
  return exitCode === 0 ? 0 : explainFailure(context, exitCode);
}

/** What is wrong with the host, before anything is touched. A wrong configuration is told by the program. */
async function preflight(
  { docker, workspace }: HealContext,
  { inventory }: HealResult,
  values: unknown,
  options: UpOptions,
): Promise<void> {
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) return;
  const config: PlatformConfig = parsed.data;
  await assertNamesFree(docker, config, inventory, workspace, options.setAside === true);
  await assertPortsFree(docker, wantedPorts(config), inventory);
  await assertGpusThere(docker, config);
  const warning = await memoryWarning(docker, config);
  if (warning !== undefined) note(`${MARKS.warning} ${warning}`);
}

async function runPulumi({ engine }: HealContext, { expectNoChanges, policy }: UpOptions): Promise<number> {
  return engine.runProgram("up", [
    "--yes",
    "--skip-preview",
    ...QUICK_RUN,
    ...(expectNoChanges === true ? ["--expect-no-changes"] : []),
    ...(policy === true ? engine.policyFlags : []),
  ]);
}

/** An unchanged stack is looked at, a changed one is put to the test. */
async function verifyAfterUp(workspace: Workspace, docker: Docker): Promise<number> {
  const changes = (await lastResourceChanges(workspace)) ?? {};
  const changed = Object.entries(changes).some(([kind, count]) => kind !== "same" && count > 0);
  const results = await prove(workspace, docker, changed ? "thorough" : "quick", (result) => {
    if (changed || result.status !== "passed") say(formatCheck(result));
  });
  say(summary(results));
  return exitCodeOf(results);
}

async function printServices(workspace: Workspace, docker: Docker): Promise<void> {
  const outputs = platformOutputs(await readState(workspace));
  if (outputs === undefined) return;
  say(serviceTable(await serviceRows(docker, outputs.services)));
}
