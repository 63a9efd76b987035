import type Docker from "dockerode";
import type { StackState } from "../pulumi/state.ts";
import { isOwnedBy, type Labels, type Owner } from "./ownership.ts";
import { hasStatusCode, NOT_FOUND } from "./status-code.ts";

/** A container as it really is. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly created: string;
  readonly labels: Labels;
  readonly status: string;
  readonly exitCode: number;
  readonly memory: number;
  readonly memorySwap: number;
  readonly memoryReservation: number;
  readonly nanoCpus: number;
  readonly restartPolicy: string;
  /** Names by which it is found in each of its networks. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  readonly environment: readonly string[];
}

export interface NetworkFacts {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
}

/** What the host has of this stack: by id in the state, by label or by a name that the state knows. */
export interface Inventory {
  readonly containers: readonly ContainerFacts[];
  readonly networks: readonly NetworkFacts[];
  readonly volumes: ReadonlySet<string>;
  /** Ports of the host that these containers publish. */
  readonly publishedPorts: ReadonlySet<number>;
}

/**
 * Asks Docker for everything that drift can be seen on, and for the containers of further names. A few requests in
 * parallel, whatever the stack's size.
 */
export async function takeInventory(
  docker: Docker,
  state: StackState,
  owner: Owner,
  furtherNames: readonly string[] = [],
): Promise<Inventory> {
  const names = new Set([...state.resources.map(({ inputs }) => inputs?.["name"]), ...furtherNames]);
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  const relevant = containers.filter(
    ({ Id, Names, Labels }) =>
      state.knownIds.has(Id) || isOwnedBy(owner, Labels) || Names.some((name) => names.has(name.slice(1))),
  );
  return {
    containers: (await Promise.all(relevant.map(({ Id }) => inspect(docker, Id)))).flat(),
    networks: networks.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels ?? {} })),
    publishedPorts: new Set(relevant.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort))),
    volumes: new Set(volumes.Volumes.map(({ Name }) => Name)),
  };
}

async function inspect(docker: Docker, id: string): Promise<ContainerFacts[]> {
  try {
    return [toFacts(await docker.getContainer(id).inspect())];
  } catch (error) {
    // It went away since the list was made.
    if (hasStatusCode(error, NOT_FOUND)) return [];
    throw error;
  }
}

export function toFacts(info: Docker.ContainerInspectInfo): ContainerFacts {
  const { HostConfig: host, State: state, NetworkSettings: network } = info;
  return {
    id: info.Id,
    name: info.Name.slice(1),
    image: info.Config.Image,
    created: info.Created,
    labels: info.Config.Labels,
    status: state.Status,
    exitCode: state.ExitCode,
    memory: host.Memory ?? 0,
    memorySwap: host.MemorySwap ?? 0,
    memoryReservation: host.MemoryReservation ?? 0,
    nanoCpus: host.NanoCpus ?? 0,
    restartPolicy: host.RestartPolicy?.Name ?? "no",
    networks: Object.fromEntries(
      Object.entries(network.Networks).map(([name, endpoint]) => [name, endpoint.Aliases ?? []]),
    ),
    environment: info.Config.Env,
  };
}
