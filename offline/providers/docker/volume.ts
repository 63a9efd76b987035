import type { VolumeInspectInfo } from "dockerode";
import type { Resource } from "../bridge/resource.ts";
import { output, string, textMap } from "../bridge/schema.ts";
import { type PropertyMap, textMapOf, textOf } from "../bridge/values.ts";
import type { DockerClient } from "./client.ts";
import { asking, finding } from "./daemon-error.ts";
import { fromLabels, labelSet, toLabels } from "./labels.ts";
import { removeWhenFree } from "./removal.ts";

/**
 * `docker:index/volume:Volume`: every change replaces (empties) it. Creating one whose name exists takes
 * over the existing one as it is, labels ignored: that is how the daemon answers.
 */
export const volume: Resource<DockerClient> = {
  type: "docker:index/volume:Volume",
  meta: '{"schema_version":"1"}',
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true, computed: true, forceNew: true }),
    labels: labelSet({ forceNew: true }),
    driver: string({ computed: true, forceNew: true }),
    driverOpts: textMap({ forceNew: true }),
    cluster: output(),
    mountpoint: output(),
  },

  async create(client, { planned }) {
    const docker = await client.daemon();
    const name = textOf(planned, "name");
    const driver = textOf(planned, "driver");
    await asking("Unable to create volume", () =>
      docker.createVolume({
        Name: name,
        Labels: toLabels(planned),
        DriverOpts: { ...textMapOf(planned, "driverOpts") },
        ...(driver === "" ? {} : { Driver: driver }),
      }),
    );
    const info = await asking("Unable to inspect volume", () => docker.getVolume(name).inspect());
    return { id: info.Name, outputs: outputsOf(info, planned) };
  },

  async read(client, id, outputs) {
    const docker = await client.daemon();
    const info = await finding("Unable to inspect volume", () => docker.getVolume(id).inspect());
    return info && { id: info.Name, outputs: outputsOf(info, outputs) };
  },

  async update(_client, { planned }) {
    return planned;
  },

  async delete(client, { id, signal }) {
    const docker = await client.daemon();
    await removeWhenFree(
      `volume ${id}`,
      "volume is in use",
      () => docker.getVolume(id).remove({ force: true }),
      signal,
    );
  },
};

function outputsOf(info: VolumeInspectInfo, known: PropertyMap): PropertyMap {
  return {
    ...known,
    name: info.Name,
    labels: fromLabels(info.Labels),
    driver: info.Driver,
    driverOpts: info.Options ?? {},
    mountpoint: info.Mountpoint,
  };
}
