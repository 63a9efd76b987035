import type { Inventory } from "../docker/inventory.ts";
import { isOwnedBy, type Owner } from "../docker/ownership.ts";
import { resourcesOfType, type StackState, type StateResource, TYPES } from "../pulumi/state.ts";
import type { Drift } from "./drift.ts";

/**
 * Networks that are gone. Their containers go with them: Docker does not let a container back into a network of
 * another id, and a new container costs less than finding out.
 */
export function findNetworkDrift(state: StackState, inventory: Inventory): Drift[] {
  const present = new Set(inventory.networks.map(({ id }) => id));
  return resourcesOfType(state, TYPES.network)
    .filter(({ id }) => id !== undefined && !present.has(id))
    .map(({ urn, inputs }) => {
      const name = String(inputs?.["name"]);
      return { kind: "network-missing", urn, name, members: membersOf(name, state) };
    });
}

/** Networks that carry this stack's labels and that the state does not know. */
export function findOrphanedNetworks(state: StackState, inventory: Inventory, owner: Owner): Drift[] {
  return inventory.networks
    .filter(({ id, labels }) => !state.knownIds.has(id) && isOwnedBy(owner, labels))
    .map((found) => ({ kind: "network-orphaned", found }));
}

/** Leaves out what is wrong with containers that go with their network anyway. */
export function withoutDoomedContainers(drifts: readonly Drift[]): Drift[] {
  const members = drifts.flatMap((drift) => (drift.kind === "network-missing" ? drift.members : []));
  const doomed = new Set(members.flatMap(({ id, urn }) => [id, urn]));
  return drifts.filter((drift) => {
    if ("found" in drift) return !doomed.has(drift.found.id);
    return drift.kind !== "container-missing" || !doomed.has(drift.urn);
  });
}

function membersOf(network: string, state: StackState): { urn: string; name: string; id: string }[] {
  return resourcesOfType(state, TYPES.container)
    .filter((resource) => joins(resource, network))
    .map(({ urn, id, inputs }) => ({ urn, name: String(inputs?.["name"]), id: String(id) }));
}

function joins({ inputs }: StateResource, network: string): boolean {
  const networks = (inputs?.["networksAdvanced"] ?? []) as readonly { readonly name: string }[];
  return networks.some(({ name }) => name === network);
}
