import type Dockerode from "dockerode";
import type { Container } from "dockerode";
import { mapsOf, type PropertyMap, textOf, textsOf } from "../../bridge/values.ts";
import { asking, daemonMessage } from "../daemon-error.ts";

/** Moves a new container from the default bridge into its networks; aliases hold there only. */
export async function connectNetworks(
  docker: Dockerode,
  container: Container,
  planned: PropertyMap,
): Promise<void> {
  const networks = mapsOf(planned, "networksAdvanced");
  if (networks.length === 0) return;
  await leaveDefaultBridge(docker, container);
  for (const entry of networks) {
    const name = textOf(entry, "name");
    await asking(`Unable to connect to network '${name}'`, () =>
      docker.getNetwork(name).connect({
        Container: container.id,
        EndpointConfig: { Aliases: [...textsOf(entry, "aliases")], IPAMConfig: {}, DriverOpts: {} },
      }),
    );
  }
}

async function leaveDefaultBridge(docker: Dockerode, container: Container): Promise<void> {
  try {
    await docker.getNetwork("bridge").disconnect({ Container: container.id, Force: false });
  } catch (error) {
    const message = daemonMessage(error);
    if (message.includes("is not connected to")) return;
    throw new Error(`Unable to disconnect the default network: ${message}`, { cause: error });
  }
}
