import type Docker from "dockerode";
import pRetry from "p-retry";
import { OWNER_LABELS } from "../../components/core/owner-labels.ts";
import { type ContainerFacts, type Inventory, takeInventory } from "../docker/inventory.ts";
import { DATABASE_SERVER, queryPostgres } from "../docker/postgres.ts";
import type { Engine } from "../pulumi/engine.ts";
import { logicalName, readState, resourcesOfType, type StackState, TYPES } from "../pulumi/state.ts";
import type { Workspace } from "../pulumi/workspace.ts";
import { MARKS, note } from "../ui/say.ts";
import { findContainerDrift, findOrphanedContainers } from "./containers.ts";
import { findDatabaseDrift, SERVER_FACTS_QUERY, type ServerFacts } from "./databases.ts";
import type { Drift } from "./drift.ts";
import { findGrantDrift, type GrantFacts, grantQuestions } from "./grants.ts";
import { findLeftovers } from "./leftovers.ts";
import { findNetworkDrift, findOrphanedNetworks, withoutDoomedContainers } from "./networks.ts";
import { type AlteredPassword, confirmAltered, findAlteredPasswords, rolePasswords } from "./passwords.ts";
import { findVolumeDrift } from "./volumes.ts";

/** The state, what is really there, and the differences. */
export interface Look {
  readonly state: StackState;
  readonly inventory: Inventory;
  /** The server could not be asked, because it does not run, and the state has something in it. */
  readonly databasesUnknown: boolean;
  readonly drifts: readonly Drift[];
}

/** What is compared. */
export interface Surroundings {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly docker: Docker;
}

/** Compares the state with the host and the database server: a few requests in parallel and one query. */
export async function examine({ workspace, engine, docker }: Surroundings): Promise<Look> {
  const state = await readState(workspace);
  const inventory = await takeInventory(docker, state, workspace);
  const hostDrifts = withoutDoomedContainers([
    ...findOrphanedContainers(state, inventory, workspace),
    ...findOrphanedNetworks(state, inventory, workspace),
    ...findContainerDrift(state, inventory),
    ...findNetworkDrift(state, inventory),
    ...findVolumeDrift(state, inventory),
  ]);
  const serverDrifts = hasServerResources(state)
    ? await examineServer({ engine, docker }, state, inventory)
    : [];
  return {
    state,
    inventory,
    databasesUnknown: serverDrifts === undefined,
    drifts: [...hostDrifts, ...(serverDrifts ?? [])],
  };
}

function hasServerResources(state: StackState): boolean {
  const pending = state.pendingOperations.map(({ resource }) => resource);
  return [...state.resources, ...pending].some(({ type }) => type === TYPES.database || type === TYPES.role);
}

/** What is wrong in the server, or undefined while it cannot be asked. A server that starts is waited for. */
async function examineServer(
  { engine, docker }: Pick<Surroundings, "engine" | "docker">,
  state: StackState,
  inventory: Inventory,
): Promise<Drift[] | undefined> {
  const server = runningServer(state, inventory);
  if (server === undefined) return undefined;
  const facts = await askServer(docker, server);
  if (facts === undefined) return undefined;
  const grants = await askForGrants(docker, server, state, facts);
  return [
    ...findLeftovers(state, facts, server),
    ...findDatabaseDrift(state, facts),
    ...findGrantDrift(state, grants),
    ...(await confirmed(findAlteredPasswords(inventory.containers, facts, server), facts, engine)),
  ];
}

/** Asking Pulumi for its secrets costs a process, so only a suspicion does. */
async function confirmed(
  suspicions: readonly AlteredPassword[],
  facts: ServerFacts,
  engine: Engine,
): Promise<AlteredPassword[]> {
  if (suspicions.length === 0) return [];
  const exported = await engine.runQuietly(["stack", "export", "--show-secrets", ...engine.stackFlag]);
  return confirmAltered(suspicions, facts, rolePasswords(exported));
}

function runningServer(state: StackState, { containers }: Inventory): ContainerFacts | undefined {
  return containers.find(
    ({ id, labels, status }) =>
      labels[OWNER_LABELS.resource] === DATABASE_SERVER && status === "running" && state.knownIds.has(id),
  );
}

async function askServer(docker: Docker, server: ContainerFacts): Promise<ServerFacts | undefined> {
  try {
    const answer = await pRetry(async () => queryPostgres(docker, server, SERVER_FACTS_QUERY), {
      retries: 20,
      minTimeout: 250,
      maxTimeout: 2000,
    });
    return JSON.parse(answer) as ServerFacts;
  } catch (error) {
    note(`${MARKS.warning} ${server.name} runs and does not answer: ${(error as Error).message}`);
    return undefined;
  }
}

/** The databases that are there are asked at the same time. */
async function askForGrants(
  docker: Docker,
  server: ContainerFacts,
  state: StackState,
  { databases }: ServerFacts,
): Promise<GrantFacts> {
  const questions = [...grantQuestions(state)].filter(
    ([database]) => databases[database]?.["allowConnections"] === true,
  );
  const answers = await Promise.all(
    questions.map(([database, sql]) => queryPostgres(docker, server, sql, database)),
  );
  return Object.assign({}, ...answers.map((answer) => JSON.parse(answer) as GrantFacts)) as GrantFacts;
}

/** Whether a half-made database has to be looked at in a server that is about to run. */
export function awaitsServer({ state, databasesUnknown }: Look): boolean {
  return (
    databasesUnknown &&
    state.pendingOperations.some(({ resource }) => resource.type.startsWith("postgresql:")) &&
    resourcesOfType(state, TYPES.container).some(({ urn }) => logicalName(urn) === DATABASE_SERVER)
  );
}
