import type Dockerode from "dockerode";
import type { ImageInspectInfo } from "dockerode";
import { asking, daemonMessage, finding } from "./daemon-error.ts";

/** The image if the daemon has it under this name. */
export function localImage(docker: Dockerode, name: string): Promise<ImageInspectInfo | undefined> {
  return finding(`unable to inspect image ${name}`, () => docker.getImage(name).inspect());
}

/** The image from the daemon, pulled only if it is not there: a moved tag is not noticed. */
export async function findOrPullImage(docker: Dockerode, name: string): Promise<ImageInspectInfo> {
  const found = await localImage(docker, name);
  if (found) return found;
  await asking(`unable to pull image ${name}: error pulling image ${name}`, () => pullImage(docker, name));
  const pulled = await localImage(docker, name);
  if (!pulled) throw new Error(`unable to find or pull image ${name}`);
  return pulled;
}

async function pullImage(docker: Dockerode, name: string): Promise<void> {
  // Without a tag the daemon would pull every tag of the repository.
  const hasTag = name.includes("@") || name.lastIndexOf(":") > name.lastIndexOf("/");
  const stream = await docker.pull(hasTag ? name : `${name}:latest`);
  await followProgress(docker, stream);
}

/** One line of what the daemon reports while it builds or pulls. */
export interface ProgressEvent {
  readonly stream?: string;
  readonly error?: string;
}

/** Waits for the end; the daemon reports a failure as the last event of a successful answer. */
export function followProgress(
  docker: Dockerode,
  stream: NodeJS.ReadableStream,
): Promise<readonly ProgressEvent[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, events: readonly ProgressEvent[]) => {
      if (error) reject(new Error(daemonMessage(error), { cause: error }));
      else resolve(events);
    });
  });
}

/** `repository@sha256:…` under which a registry knows the image; empty for an image that was built here. */
export function repoDigestOf(info: ImageInspectInfo, name: string): string {
  const repository = name.split("@")[0]?.replace(/:[^:/]+$/, "") ?? name;
  return info.RepoDigests?.find((digest) => digest.startsWith(`${repository}@`)) ?? "";
}
