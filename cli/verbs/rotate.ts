import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { explainFailure } from "../diagnose/explain-failure.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { type ContainerFacts, takeInventory } from "../docker/inventory.ts";
import { heal } from "../heal/heal.ts";
import { recoverStack } from "../heal/recover.ts";
import { readConfiguration } from "../pulumi/configuration.ts";
import type { Engine } from "../pulumi/engine.ts";
import { QUICK_RUN } from "../pulumi/environment.ts";
import { readFacts } from "../pulumi/facts.ts";
import { plannedChanges } from "../pulumi/planned-changes.ts";
import { withRunLock } from "../pulumi/run-lock.ts";
import { prepareStack } from "../pulumi/stack.ts";
import { logicalName, readState } from "../pulumi/state.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
import { endSessions } from "../rotate/old-sessions.ts";
import { belongsTo, opens, planRotation, type Rotation } from "../rotate/rotation.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { confirm, isInteractive } from "../ui/ask.ts";
import { formatDuration } from "../ui/duration.ts";
import { MARKS, note, say } from "../ui/say.ts";

export interface RotateOptions {
  readonly stack: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Gives a stage new passwords and restarts its own containers, nothing else. Returns the exit code. */
export async function rotate(stageName: string, { stack, yes, json }: RotateOptions): Promise<number> {
  const started = new Date();
  const workspace = await openWorkspace(stack);
  const rotation = planRotation(stageName, await readConfiguration(workspace), await readState(workspace));
  if (rotation.given !== undefined) {
    note(
      `${MARKS.warning} ${rotation.given} gives the password of the database, which therefore stays; set another value there`,
    );
  }
  await ask(rotation, yes === true);
  return withRunLock(workspace, "rotate", async () => {
    const docker = connectDocker();
    await assertDockerAnswers(docker);
    const { engine } = await prepareStack(workspace, await prepareToolchain(), await readFacts(workspace));
    await recoverStack(workspace, engine);
    await heal({ workspace, engine, docker, permissions: { acceptDataLoss: false } });

    const flags = rotation.passwords.flatMap(({ urn }) => ["--replace", urn]);
    assertNothingElse(await plannedChanges(engine, flags), rotation.stage);
    const exitCode = await replace(engine, flags, json === true);
    if (exitCode !== 0) {
      return explainFailure({ docker, workspace }, exitCode, `npm run rotate -- ${stageName}`);
    }
    await report(rotation, docker, workspace, { started, json: json === true });
    return 0;
  });
}

async function ask({ stage, passwords }: Rotation, yes: boolean): Promise<void> {
  if (yes) return;
  if (!isInteractive()) {
    throw new UserError("rotate asks before it restarts a stage, and nobody can answer here: say `--yes`");
  }
  const opened = passwords.map((password) => opens(password, stage)).join(", ");
  if (await confirm(`Give stage ${stage.name} new passwords (${opened}) and restart its containers?`)) return;
  throw new UserError("nothing was changed");
}

/** A change that waits for its `up` would come along, and might restart a container of another stage. */
function assertNothingElse(urns: readonly string[], stage: StageDefinition): void {
  const others = urns.filter((urn) => !belongsTo(urn, stage)).map(logicalName);
  if (others.length === 0) return;
  throw new UserError(
    `other changes wait to be brought up: ${others.join(", ")}; run \`npm run up\` first, then rotate, so that nothing but stage ${stage.name} restarts`,
  );
}

/** Without Pulumi's progress where a script reads the result. */
async function replace(engine: Engine, flags: readonly string[], quiet: boolean): Promise<number> {
  const args = ["--yes", "--skip-preview", ...QUICK_RUN, ...flags];
  if (!quiet) return engine.runProgram("up", args);
  await engine.runProgramQuietly("up", args);
  return 0;
}

async function report(
  { stage, passwords, roles }: Rotation,
  docker: Docker,
  workspace: Workspace,
  { started, json }: { readonly started: Date; readonly json: boolean },
): Promise<void> {
  const inventory = await takeInventory(docker, await readState(workspace), workspace);
  const restarted = inventory.containers.filter((container) => isNew(container, stage, started));
  // The oldest of them began when the server had the new password already.
  const changed = restarted.map(({ created }) => created).sort()[0];
  const endedSessions = await endSessions(
    docker,
    inventory,
    roles,
    changed === undefined ? new Date() : new Date(changed),
  );
  const result = {
    stage: stage.name,
    passwords: passwords.map((password) => opens(password, stage)),
    restarted: restarted.map(({ name }) => name).sort(),
    endedSessions,
    seconds: (Date.now() - started.getTime()) / 1000,
  };
  if (json) {
    say(JSON.stringify(result, undefined, 2));
    return;
  }
  say(
    `${MARKS.done} stage ${result.stage} has new passwords (${result.passwords.join(", ")}) after ${formatDuration(result.seconds * 1000)}; restarted: ${result.restarted.join(", ") || "nothing"}`,
  );
  if (endedSessions > 0)
    say(`${MARKS.done} ${endedSessions} sessions opened with the old password were ended`);
}

function isNew({ labels, created }: ContainerFacts, { number }: StageDefinition, since: Date): boolean {
  return labels["stage"] === String(number) && new Date(created) >= since;
}
