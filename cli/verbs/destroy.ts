import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { listOwned, type OwnedObjects, removeOwned } from "../docker/owned-objects.ts";
import { heal } from "../heal/heal.ts";
import { recoverStack } from "../heal/recover.ts";
import type { Engine } from "../pulumi/engine.ts";
import { readFacts } from "../pulumi/facts.ts";
import { withRunLock } from "../pulumi/run-lock.ts";
import { prepareStack } from "../pulumi/stack.ts";
import { readState } from "../pulumi/state.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { confirm, isInteractive } from "../ui/ask.ts";
import { MARKS, note, say } from "../ui/say.ts";

export interface DestroyOptions {
  readonly stack: string;
  readonly yes?: true;
  readonly deleteData?: true;
}

/** Takes the platform off the host; its data stays unless it is to be deleted. Returns the exit code. */
export async function destroy({ stack, yes, deleteData }: DestroyOptions): Promise<number> {
  const workspace = await openWorkspace(stack);
  await ask(workspace, yes === true, deleteData === true);
  return withRunLock(workspace, "destroy", async () => {
    const docker = connectDocker();
    await assertDockerAnswers(docker);
    const { engine } = await prepareStack(workspace, await prepareToolchain(), await readFacts(workspace));
    await recoverStack(workspace, engine);
    return deleteData === true
      ? destroyEverything(workspace, engine, docker)
      : destroyButData(workspace, engine, docker);
  });
}

async function ask({ stack }: Workspace, yes: boolean, deleteData: boolean): Promise<void> {
  if (yes) return;
  if (!isInteractive()) {
    throw new UserError("destroy asks before it removes anything, and nobody can answer here: say `--yes`");
  }
  const question = `Remove every container and network of the stack "${stack}"?`;
  const dataQuestion = "Delete the data too: volumes, databases, passwords? This cannot be undone.";
  if ((await confirm(question)) && (!deleteData || (await confirm(dataQuestion)))) return;
  throw new UserError("nothing was removed");
}

/** What is protected stays: volumes, databases, roles and their passwords. The next `up` finds them again. */
async function destroyButData(workspace: Workspace, engine: Engine, docker: Docker): Promise<number> {
  const permissions = { acceptDataLoss: true };
  await heal({ workspace, engine, docker, permissions });
  const exitCode = await runDestroy(engine, ["--exclude-protected"]);
  if (exitCode !== 0) return failed(exitCode);
  const { volumes } = await listOwned(docker, workspace);
  say(
    `${MARKS.done} the platform is gone; its data stays in ${volumes.length} volumes (\`npm run up\` finds it again)`,
  );
  return 0;
}

/** The databases go with their volume and need no server for it; the volumes themselves Pulumi never deletes. */
async function destroyEverything(workspace: Workspace, engine: Engine, docker: Docker): Promise<number> {
  const state = await readState(workspace);
  if (state.resources.length > 0) {
    const exitCode = await runDestroy(engine, ["--ignore-protect"]);
    if (exitCode !== 0) return failed(exitCode);
  }
  const left = await listOwned(docker, workspace);
  await removeOwned(docker, left);
  tellRemoved(left);
  return 0;
}

async function runDestroy(engine: Engine, args: readonly string[]): Promise<number> {
  return engine.runOnState("destroy", [
    "--yes",
    "--skip-preview",
    "--parallel",
    "16",
    "--suppress-outputs",
    ...args,
  ]);
}

function failed(exitCode: number): number {
  note(
    `${MARKS.failed} \`pulumi destroy\` failed. Correct the cause above and run this again: it goes on from here.`,
  );
  return exitCode;
}

function tellRemoved({ containers, networks, volumes }: OwnedObjects): void {
  for (const { name } of [...containers, ...networks])
    say(`${MARKS.found} ${name} was not in the state; it is removed`);
  for (const { name } of volumes) say(`${MARKS.done} volume ${name} is deleted`);
  say(`${MARKS.done} nothing of the platform is left on this host but its images`);
}
