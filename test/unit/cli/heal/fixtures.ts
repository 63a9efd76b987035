import type { ContainerFacts, Inventory } from "../../../../cli/docker/inventory.ts";
import type { PendingOperation, StackState, StateResource } from "../../../../cli/pulumi/state.ts";

const MEBIBYTE = 1024 * 1024;

export const OWNER = { project: "storytelling", stack: "dev" };

export const OWN_LABELS = {
  "storytelling.project": "storytelling",
  "storytelling.stack": "dev",
  "storytelling.resource": "redis-broker-server",
};

/** A resource of the state whose URN ends with its name. */
export function resource(type: string, name: string, rest: Partial<StateResource> = {}): StateResource {
  return { urn: `urn:pulumi:dev::storytelling::${type}::${name}`, type, custom: true, ...rest };
}

export function stateOf(
  resources: readonly StateResource[],
  pendingOperations: readonly PendingOperation[] = [],
): StackState {
  return {
    resources,
    knownIds: new Set(resources.flatMap(({ id }) => (id === undefined ? [] : [id]))),
    pendingOperations,
    outputs: {},
  };
}

/** Redis as the program makes it, running. */
export function container(rest: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    id: "c1",
    name: "storytelling-redis-broker",
    image: "redis:8",
    created: "2026-11-22T07:00:00Z",
    labels: OWN_LABELS,
    status: "running",
    exitCode: 0,
    memory: 512 * MEBIBYTE,
    memorySwap: 512 * MEBIBYTE,
    memoryReservation: 0,
    nanoCpus: 1e9,
    restartPolicy: "unless-stopped",
    networks: { storytelling: ["redis-broker", "c1"] },
    environment: [],
    ...rest,
  };
}

export const CONTAINER_INPUTS = {
  name: "storytelling-redis-broker",
  memory: 512,
  memorySwap: 512,
  cpus: "1.0",
  restart: "unless-stopped",
  networksAdvanced: [{ name: "storytelling", aliases: ["redis-broker"] }],
};

export function inventoryOf(rest: Partial<Inventory> = {}): Inventory {
  return {
    containers: [container()],
    networks: [{ id: "n1", name: "storytelling", labels: OWN_LABELS }],
    volumes: new Set(["storytelling-redis-broker-data"]),
    publishedPorts: new Set(),
    ...rest,
  };
}
