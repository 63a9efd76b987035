import type { Provider } from "../bridge/provider.ts";
import { string } from "../bridge/schema.ts";
import type { PropertyMap } from "../bridge/values.ts";
import { connectDocker, type DockerClient } from "./client.ts";
import { container } from "./container/container.ts";
import { network } from "./network.ts";
import { remoteImage } from "./remote-image.ts";
import { volume } from "./volume.ts";

/** Stands in for the official docker plugin 5.2.0. */
export const dockerProvider: Provider<DockerClient> = {
  name: "docker",
  version: "5.2.0",
  config: { host: string() },
  style: { emptyDefaults: true, emptyListIsNull: false },
  detailedDiff: true,
  resources: [network, volume, remoteImage, container],
  configDefaults: ({ DOCKER_HOST: host }): PropertyMap => (host === undefined || host === "" ? {} : { host }),
  connect: connectDocker,
};
