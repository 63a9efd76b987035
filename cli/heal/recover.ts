import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../components/core/errors.ts";
import { endSurvivors, findSurvivors } from "../process/survivors.ts";
import type { Engine } from "../pulumi/engine.ts";
import { type Lock, lockState, readLocks } from "../pulumi/lock.ts";
import { ensureStack } from "../pulumi/stack.ts";
import type { Workspace } from "../pulumi/workspace.ts";
import { MARKS, note } from "../ui/say.ts";
import { recoverCheckpoint } from "./checkpoint.ts";

/** How long a run waits for another one that still works on the stack. */
const PATIENCE_MILLISECONDS = 15 * 60_000;

/**
 * Gets the stack usable after a run that was killed: waits for a Pulumi that outlived it, puts a cut-off state
 * right, ends what else outlived it, and takes the lock of a dead process away. A live process is respected.
 */
export async function recoverStack(workspace: Workspace, engine: Engine): Promise<void> {
  await waitForLiveOwners(workspace, await readLocks(workspace.locksDirectory));
  await recoverCheckpoint(workspace);
  await ensureStack(workspace, engine);
  const locks = await readLocks(workspace.locksDirectory);
  if (locks.length === 0) return;

  const survivors = await findSurvivors(workspace.backend);
  if (survivors.length > 0) {
    const names = survivors.map(({ pid, program }) => `${program} (${pid})`).join(", ");
    note(`${MARKS.found} a killed run left processes behind: ${names}; they are ended`);
    await endSurvivors(survivors);
  }
  note(
    `${MARKS.found} the stack is locked by ${locks.map(describe).join(", ")}, which is dead; the lock is taken away`,
  );
  await engine.runQuietly(["cancel", "--yes", ...engine.stackFlag]);
}

async function waitForLiveOwners(workspace: Workspace, locks: readonly Lock[]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  let told = false;
  for (let current = locks; ; current = await readLocks(workspace.locksDirectory)) {
    const states = await Promise.all(current.map(lockState));
    const elsewhere = current[states.indexOf("elsewhere")];
    if (elsewhere !== undefined) throw lockedElsewhere(elsewhere);
    const live = current[states.indexOf("live")];
    if (live === undefined) return;
    if (Date.now() > deadline) throw stillLocked(live);
    if (!told)
      note(`${MARKS.found} ${describe(live)} is still working on this stack; waiting until it has ended`);
    told = true;
    await sleep(500);
  }
}

function describe({ pid, timestamp }: Lock): string {
  return `a Pulumi process (${pid}, since ${timestamp})`;
}

function lockedElsewhere({ username, hostname, pid }: Lock): UserError {
  return new UserError(
    `the stack is locked by ${username} on ${hostname} (process ${pid}), and from here nobody can tell whether that run is alive. ` +
      "When it is not, remove the file in .storytelling/.pulumi/locks and run this again.",
  );
}

function stillLocked(lock: Lock): UserError {
  return new UserError(
    `${describe(lock)} has been working on this stack for more than ${PATIENCE_MILLISECONDS / 60_000} minutes. ` +
      `End it with \`kill -INT ${lock.pid}\`, wait until it has ended, and run this again.`,
  );
}
