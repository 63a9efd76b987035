import type Docker from "dockerode";
import pRetry from "p-retry";
import { UserError } from "../../components/core/errors.ts";
import { type ContainerFacts, type Inventory, takeInventory } from "../docker/inventory.ts";
import { POSTGRES_CONTAINER, queryPostgres } from "../docker/postgres.ts";
import { type ExportedStack, forget } from "../pulumi/deployment-edit.ts";
import type { Engine } from "../pulumi/engine.ts";
import { logicalName, readState, resourcesOfType, type StackState, TYPES } from "../pulumi/state.ts";
import type { Workspace } from "../pulumi/workspace.ts";
import { MARKS, note } from "../ui/say.ts";
import { findContainerDrift, findOrphanedContainers } from "./containers.ts";
import { findDatabaseDrift, SERVER_FACTS_QUERY, type ServerFacts } from "./databases.ts";
import type { Drift } from "./drift.ts";
import { dropLeftover, findLeftovers } from "./leftovers.ts";
import { findNetworkDrift, findOrphanedNetworks, withoutDoomedContainers } from "./networks.ts";
import { assertNotAnotherCheckout, type Permissions, permitDataLoss } from "./permissions.ts";
import { repair } from "./repair.ts";
import { describeDrift } from "./tell.ts";
import { findVolumeDrift } from "./volumes.ts";

export interface HealContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly docker: Docker;
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

interface Look {
  readonly state: StackState;
  readonly inventory: Inventory;
  readonly server: ServerFacts | undefined;
  readonly databasesUnknown: boolean;
  readonly drifts: readonly Drift[];
}

async function examine({ workspace, docker }: HealContext): Promise<Look> {
  const state = await readState(workspace);
  const inventory = await takeInventory(docker, state, workspace);
  const server = await askServer(docker, state, inventory);
  const drifts = withoutDoomedContainers([
    ...findOrphanedContainers(state, inventory, workspace),
    ...findOrphanedNetworks(state, inventory, workspace),
    ...findContainerDrift(state, inventory),
    ...findNetworkDrift(state, inventory),
    ...findVolumeDrift(state, inventory),
    ...(server === undefined ? [] : findDatabaseDrift(state, server)),
  ]);
  return { state, inventory, server, databasesUnknown: server === undefined && hasDatabases(state), drifts };
}

function hasDatabases(state: StackState): boolean {
  return resourcesOfType(state, TYPES.database).length + resourcesOfType(state, TYPES.role).length > 0;
}

/** The server's databases and roles, or nothing while it does not run. A server that starts is waited for. */
async function askServer(
  docker: Docker,
  state: StackState,
  inventory: Inventory,
): Promise<ServerFacts | undefined> {
  const pending = state.pendingOperations.some(({ resource }) => resource.type.startsWith("postgresql:"));
  const server = runningServer(state, inventory);
  if (server === undefined || !(hasDatabases(state) || pending)) return undefined;
  const answer = await pRetry(() => queryPostgres(docker, server, SERVER_FACTS_QUERY), {
    retries: 20,
    minTimeout: 250,
    maxTimeout: 2000,
  });
  return JSON.parse(answer) as ServerFacts;
}

function runningServer(state: StackState, { containers }: Inventory): ContainerFacts | undefined {
  return containers.find(
    ({ id, name, status }) => name === POSTGRES_CONTAINER && status === "running" && state.knownIds.has(id),
  );
}

async function mend(context: HealContext, { state, inventory, server, drifts }: Look): Promise<void> {
  const { workspace, engine, docker, permissions } = context;
  assertNotAnotherCheckout(state, drifts, workspace);
  await permitDataLoss(drifts, permissions);
  for (const drift of drifts) note(`${MARKS.found} ${describeDrift(drift)}`);

  const repairs = await repair(docker, drifts, workspace);
  const postgres = runningServer(state, inventory);
  if (server !== undefined && postgres !== undefined) {
    for (const leftover of findLeftovers(state, server)) {
      note(
        `${MARKS.found} ${leftover.kind} ${leftover.name} was left half-made by a killed run: it is made again`,
      );
      await dropLeftover(docker, postgres, leftover);
    }
  }
  for (const { type, resource } of state.pendingOperations) {
    note(`${MARKS.found} a killed run was ${type} ${logicalName(resource.urn)}: it is done again`);
  }
  const postponed = server === undefined && awaitsServer(state);
  if (repairs.forget.length > 0 || (state.pendingOperations.length > 0 && !postponed)) {
    await editState(engine, repairs.forget, postponed);
  }
  if (repairs.refresh.length > 0) await refresh(engine, repairs.refresh);
}

/** Whether a half-made database has to be looked at in a server that is about to run. */
function awaitsServer(state: StackState): boolean {
  return (
    state.pendingOperations.some(({ resource }) => resource.type.startsWith("postgresql:")) &&
    resourcesOfType(state, TYPES.container).some(({ inputs }) => inputs?.["name"] === POSTGRES_CONTAINER)
  );
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
