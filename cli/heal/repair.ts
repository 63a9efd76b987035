import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { isOwnedBy, type Owner } from "../docker/ownership.ts";
import { MARKS, note } from "../ui/say.ts";
import type { Drift } from "./drift.ts";
import { dropDatabase, dropRole } from "./leftovers.ts";
import { resetPassword } from "./passwords.ts";
import { removeContainer, setAside } from "./strangers.ts";

/** What Pulumi has to do after the repairs on the host. */
export interface StateRepairs {
  /** Resources whose objects are gone: the state forgets them, and the next `up` makes them. */
  readonly forget: readonly string[];
  /** Resources that were altered: the state learns it, and the next `up` sets them back. */
  readonly refresh: readonly string[];
}

/** Puts right what Docker can put right on the spot, and tells what is left for Pulumi. */
export async function repair(docker: Docker, drifts: readonly Drift[], owner: Owner): Promise<StateRepairs> {
  const forgotten: string[] = [];
  const refreshed: string[] = [];
  // Removals first: a stranger may hold the name, the address or the port that the others need.
  for (const drift of [...drifts].sort(removalsFirst)) {
    const result = await repairOne(docker, drift, owner);
    forgotten.push(...result.forget);
    refreshed.push(...result.refresh);
  }
  return { forget: forgotten, refresh: refreshed };
}

function removalsFirst(a: Drift, b: Drift): number {
  return rank(a) - rank(b);
}

function rank({ kind }: Drift): number {
  const removals: readonly Drift["kind"][] = [
    "container-replaced",
    "container-orphaned",
    "network-missing",
    "network-orphaned",
  ];
  const index = removals.indexOf(kind);
  return index === -1 ? removals.length : index;
}

const NOTHING: StateRepairs = { forget: [], refresh: [] };

async function repairOne(docker: Docker, drift: Drift, owner: Owner): Promise<StateRepairs> {
  switch (drift.kind) {
    case "container-stopped":
      return start(docker, drift);
    case "container-relimited":
      await relimit(docker, drift);
      return NOTHING;
    case "container-detached":
      await rejoin(docker, drift);
      return NOTHING;
    case "container-replaced":
      await (isOwnedBy(owner, drift.found.labels)
        ? removeContainer(docker, drift.found)
        : setAside(docker, drift.found));
      return { forget: [drift.urn], refresh: [] };
    case "one-shot-failed":
      await removeContainer(docker, drift.found);
      return { forget: [drift.urn], refresh: [] };
    case "container-orphaned":
      await removeContainer(docker, drift.found);
      return NOTHING;
    case "network-missing":
      for (const member of drift.members) await removeContainer(docker, member);
      await removeEmptyNetwork(docker, drift.name);
      return { forget: [drift.urn, ...drift.members.map(({ urn }) => urn)], refresh: [] };
    case "network-orphaned":
      await docker.getNetwork(drift.found.id).remove();
      return NOTHING;
    case "database-orphaned":
      await dropDatabase(docker, drift.server, drift.name);
      return NOTHING;
    case "role-orphaned":
      await dropRole(docker, drift.server, drift.name);
      return NOTHING;
    case "password-altered":
      await resetPassword(docker, drift);
      return NOTHING;
    case "database-missing":
      return { forget: [drift.urn, ...drift.contents], refresh: [] };
    case "container-missing":
    case "volume-missing":
    case "role-missing":
      return { forget: [drift.urn], refresh: [] };
    case "database-altered":
    case "grant-altered":
    case "role-altered":
      return { forget: [], refresh: [drift.urn] };
  }
}

async function start(
  docker: Docker,
  { urn, found }: Extract<Drift, { kind: "container-stopped" }>,
): Promise<StateRepairs> {
  const container = docker.getContainer(found.id);
  try {
    await (found.status === "paused" ? container.unpause() : container.start());
    return NOTHING;
  } catch (error) {
    note(
      `${MARKS.found} container ${found.name} does not start (${(error as Error).message}): it is created again`,
    );
    await removeContainer(docker, found);
    return { forget: [urn], refresh: [] };
  }
}

async function relimit(
  docker: Docker,
  { found, limits }: Extract<Drift, { kind: "container-relimited" }>,
): Promise<void> {
  const { memory, memorySwap, memoryReservation, nanoCpus, restartPolicy } = limits;
  await docker.getContainer(found.id).update({
    Memory: memory,
    MemorySwap: memorySwap,
    MemoryReservation: memoryReservation,
    NanoCpus: nanoCpus,
    RestartPolicy: { Name: restartPolicy },
  });
}

async function rejoin(
  docker: Docker,
  { found, membership }: Extract<Drift, { kind: "container-detached" }>,
): Promise<void> {
  const network = docker.getNetwork(membership.network);
  if (found.networks[membership.network] !== undefined)
    await network.disconnect({ Container: found.id, Force: true });
  await network.connect({ Container: found.id, EndpointConfig: { Aliases: [...membership.aliases] } });
}

/** A network that took the name of a lost one is in the way. It holds no data; one in use is left alone. */
async function removeEmptyNetwork(docker: Docker, name: string): Promise<void> {
  const networks = await docker.listNetworks({ filters: { name: [name] } });
  for (const { Id } of networks.filter(({ Name }) => Name === name)) {
    try {
      await docker.getNetwork(Id).remove();
    } catch (error) {
      throw new UserError(
        `network ${name} was made by somebody else and is in use: ${(error as Error).message}. ` +
          `Take its containers off it, remove it with \`docker network rm ${name}\`, and run this again.`,
      );
    }
  }
}
