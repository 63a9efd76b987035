import Docker from "dockerode";
import { execa } from "execa";
import { OWNER_LABELS } from "../../../components/core/owner-labels.ts";

export const docker = new Docker();

/** What is on the host and carries the platform's labels. */
const OURS = JSON.stringify({ label: [`${OWNER_LABELS.project}=storytelling`, `${OWNER_LABELS.stack}=dev`] });

/** Our containers by name, with what changes when one is restarted or replaced. */
export async function runningContainers(): Promise<Record<string, string>> {
  const containers = await docker.listContainers({ all: true, filters: OURS });
  const entries = await Promise.all(
    containers.map(async ({ Id }) => {
      const { Name, State } = await docker.getContainer(Id).inspect();
      return [Name.slice(1), `${Id} since ${State.StartedAt}`] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names of everything of ours on the host, sorted. */
export async function ourObjects(): Promise<string[]> {
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters: OURS }),
    docker.listNetworks({ filters: OURS }),
    docker.listVolumes({ filters: OURS }),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
    ...networks.map(({ Name }) => Name),
    ...volumes.Volumes.map(({ Name }) => Name),
  ].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * These tests make the platform under its real names and remove it with its data. Throws when it is there already,
 * because then it is somebody's.
 */
export async function assertHostIsFree(): Promise<void> {
  const found = await ourObjects();
  if (found.length === 0) return;
  throw new Error(
    `a platform is on this host (${found.join(", ")}): these tests would remove it and its data. ` +
      "Run them on another host, or take it off first: `npm run destroy -- --delete-data`.",
  );
}

/** Runs a command in a container and returns what it prints. Throws when it fails. */
export async function runIn(container: string, ...command: readonly string[]): Promise<string> {
  const { stdout } = await execa("docker", ["exec", container, ...command]);
  return stdout;
}
