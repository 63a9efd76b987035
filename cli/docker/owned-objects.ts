import type Docker from "dockerode";
import { isOwnedBy, type Owner } from "./ownership.ts";

interface OwnedObject {
  readonly id: string;
  readonly name: string;
}

/** What on the host carries the labels of a stack. */
export interface OwnedObjects {
  readonly containers: readonly OwnedObject[];
  readonly networks: readonly OwnedObject[];
  readonly volumes: readonly OwnedObject[];
}

export async function listOwned(docker: Docker, owner: Owner): Promise<OwnedObjects> {
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return {
    containers: containers
      .filter(({ Labels }) => isOwnedBy(owner, Labels))
      .map(({ Id, Names }) => ({ id: Id, name: Names[0]?.slice(1) ?? Id })),
    networks: networks
      .filter(({ Labels }) => isOwnedBy(owner, Labels ?? {}))
      .map(({ Id, Name }) => ({ id: Id, name: Name })),
    volumes: volumes.Volumes.filter(({ Labels }) => isOwnedBy(owner, Labels ?? {})).map(({ Name }) => ({
      id: Name,
      name: Name,
    })),
  };
}

/** Removes them in the order in which they hold each other. */
export async function removeOwned(
  docker: Docker,
  { containers, networks, volumes }: OwnedObjects,
): Promise<void> {
  await Promise.all(containers.map(({ id }) => docker.getContainer(id).remove({ force: true, v: true })));
  await Promise.all(networks.map(({ id }) => docker.getNetwork(id).remove()));
  await Promise.all(volumes.map(({ id }) => docker.getVolume(id).remove()));
}
