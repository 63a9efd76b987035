import type Docker from "dockerode";
import type { ContainerFacts } from "../docker/inventory.ts";
import { hasStatusCode, NOT_FOUND, NOT_MODIFIED } from "../docker/status-code.ts";
import { MARKS, note } from "../ui/say.ts";

/**
 * Moves somebody else's container out of the way without losing anything of it: it is stopped and renamed, and
 * stays stopped.
 */
export async function setAside(docker: Docker, { id, name }: ContainerFacts): Promise<void> {
  const container = docker.getContainer(id);
  const aside = `${name}-set-aside-${id.slice(0, 6)}`;
  await container.update({ RestartPolicy: { Name: "no" } });
  await stop(container);
  await container.rename({ name: aside });
  note(
    `${MARKS.found} the container that held the name ${name} was not made by this stack; it is stopped and now called ${aside}`,
  );
}

/** Removes a container of ours and its anonymous volumes. One that is gone already is fine. */
export async function removeContainer(docker: Docker, { id }: { readonly id: string }): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    if (!hasStatusCode(error, NOT_FOUND)) throw error;
  }
}

async function stop(container: Docker.Container): Promise<void> {
  try {
    await container.stop();
  } catch (error) {
    if (!hasStatusCode(error, NOT_MODIFIED)) throw error;
  }
}
