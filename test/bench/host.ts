import type Docker from "dockerode";
import { listOwned, removeOwned } from "../../cli/docker/owned-objects.ts";
import type { Owner } from "../../cli/docker/ownership.ts";
import { assertNoProblems, type Problem } from "../../components/core/errors.ts";
import type { RegisteredResource } from "../support/mocks.ts";
import { recordedOf } from "./compose/recorded-inputs.ts";

/** Throws a UserError when something on the host has a name that the measured platform needs. */
export async function assertHostIsFree(
  docker: Docker,
  resources: readonly RegisteredResource[],
): Promise<void> {
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  assertNoProblems(
    "Measuring starts from nothing, under the platform's real names, and these are taken; nothing was changed:",
    [
      ...taken(
        "container",
        namesOf(resources, "docker:index/container:Container"),
        containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
      ),
      ...taken(
        "network",
        namesOf(resources, "docker:index/network:Network"),
        networks.map(({ Name }) => Name),
      ),
      ...taken(
        "volume",
        namesOf(resources, "docker:index/volume:Volume"),
        volumes.Volumes.map(({ Name }) => Name),
      ),
    ],
  );
}

function namesOf(
  resources: readonly RegisteredResource[],
  type: Parameters<typeof recordedOf>[1],
): ReadonlySet<string> {
  return new Set(
    recordedOf(resources, type).flatMap(({ inputs }) => ("name" in inputs ? [inputs.name] : [])),
  );
}

function taken(kind: string, wanted: ReadonlySet<string>, present: readonly string[]): Problem[] {
  return present
    .filter((name) => wanted.has(name))
    .map((name) => ({
      key: `${kind} ${name}`,
      reason:
        "exists already: measure on a host without the platform, or remove it with its data (`npm run destroy -- --delete-data`)",
    }));
}

/** Removes what a run of either side made: both give everything the labels of the stack. */
export async function clearHost(docker: Docker, owner: Owner): Promise<void> {
  await removeOwned(docker, await listOwned(docker, owner));
}
