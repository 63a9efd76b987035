import { UserError } from "../../components/core/errors.ts";
import type { Inventory } from "../docker/inventory.ts";
import { type ExportedStack, forget } from "../pulumi/deployment-edit.ts";
import type { Engine } from "../pulumi/engine.ts";
import { logicalName } from "../pulumi/state.ts";
import { MARKS, note } from "../ui/say.ts";
import type { Drift } from "./drift.ts";
import { awaitsServer, examine, type Look, type Surroundings } from "./examine.ts";
import { assertNotAnotherCheckout, type Permissions, permitDataLoss } from "./permissions.ts";
import { repair } from "./repair.ts";
import { describeDrift } from "./tell.ts";

export interface HealContext extends Surroundings {
  readonly permissions: Permissions;
}

/** What is left for the `up` that follows. */
export interface HealResult {
  /** The server could not be asked because it does not run: ask again when `up` has brought it back. */
  readonly databasesUnknown: boolean;
  /** What of the stack is on the host. */
  readonly inventory: Inventory;
  readonly found: number;
}

/** A repair can bring to light what it hid before: a started server its dropped databases. */
const MOST_ROUNDS = 3;

/**
 * Finds what changed behind Pulumi's back or was left half-done by a killed run, tells each in one line and
 * repairs it as far as it can be without the program; the `up` that follows makes the rest. A look at a sound
 * stack costs a few requests to Docker and one query.
 */
export async function heal(context: HealContext): Promise<HealResult> {
  let found = 0;
  for (let round = 1; ; round += 1) {
    const look = await examine(context);
    found += look.drifts.length;
    if (look.drifts.length === 0 && look.state.pendingOperations.length === 0) {
      return { databasesUnknown: look.databasesUnknown, inventory: look.inventory, found };
    }
    if (round > MOST_ROUNDS) throw stillBroken(look.drifts);
    await mend(context, look);
  }
}

async function mend({ workspace, engine, docker, permissions }: HealContext, look: Look): Promise<void> {
  const { state, drifts } = look;
  assertNotAnotherCheckout(state, drifts, workspace);
  await permitDataLoss(drifts, permissions);
  for (const drift of drifts) note(`${MARKS.found} ${describeDrift(drift)}`);
  const repairs = await repair(docker, drifts, workspace);

  for (const { type, resource } of state.pendingOperations) {
    note(`${MARKS.found} a killed run was ${type} ${logicalName(resource.urn)}: it is done again`);
  }
  const postponed = awaitsServer(look);
  if (repairs.forget.length > 0 || (state.pendingOperations.length > 0 && !postponed)) {
    await editState(engine, repairs.forget, postponed);
  }
  if (repairs.refresh.length > 0) await refresh(engine, repairs.refresh);
}

async function editState(engine: Engine, urns: readonly string[], keepPending: boolean): Promise<void> {
  const exported = JSON.parse(
    await engine.runQuietly(["stack", "export", ...engine.stackFlag]),
  ) as ExportedStack;
  await engine.runQuietly(
    ["stack", "import", ...engine.stackFlag],
    JSON.stringify(forget(exported, urns, keepPending)),
  );
}

async function refresh(engine: Engine, urns: readonly string[]): Promise<void> {
  const targets = urns.flatMap((urn) => ["--target", urn]);
  await engine.runQuietly(["refresh", ...engine.stackFlag, ...targets, "--yes", "--skip-preview"]);
}

function stillBroken(drifts: readonly Drift[]): UserError {
  return new UserError(
    `after ${MOST_ROUNDS} rounds of repairs this is still wrong:\n${drifts.map((drift) => `  ${describeDrift(drift)}`).join("\n")}\n` +
      "Something changes the containers while this runs: stop it, and run this again.",
  );
}
