import type { NetworkInspectInfo } from "dockerode";
import type { Resource } from "../bridge/resource.ts";
import { block, boolean, output, set, string, textMap } from "../bridge/schema.ts";
import { flagOf, type PropertyMap, textMapOf, textOf } from "../bridge/values.ts";
import type { DockerClient } from "./client.ts";
import { asking, finding } from "./daemon-error.ts";
import { fromLabels, labelSet, toLabels } from "./labels.ts";
import { removeWhenFree } from "./removal.ts";

/** `docker:index/network:Network`: every change replaces it. */
export const network: Resource<DockerClient> = {
  type: "docker:index/network:Network",
  meta: '{"schema_version":"1"}',
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true, forceNew: true }),
    driver: string({ computed: true, forceNew: true }),
    internal: boolean({ computed: true, forceNew: true }),
    attachable: boolean({ forceNew: true }),
    labels: labelSet({ forceNew: true }),
    options: textMap({ computed: true, forceNew: true }),
    ipamDriver: string({ default: "default", forceNew: true }),
    ipamConfigs: output(
      set(block({ auxAddress: textMap(), gateway: string(), ipRange: string(), subnet: string() })),
    ),
    ipamOptions: output(textMap()),
    ingress: output(boolean()),
    ipv6: output(boolean()),
    scope: output(),
  },

  async create(client, { planned }) {
    const docker = await client.daemon();
    const created = await asking("Unable to create network", () =>
      docker.createNetwork({
        Name: textOf(planned, "name"),
        CheckDuplicate: true,
        Driver: textOf(planned, "driver") || "bridge",
        Internal: flagOf(planned, "internal"),
        Attachable: flagOf(planned, "attachable"),
        Labels: toLabels(planned),
        Options: { ...textMapOf(planned, "options") },
        IPAM: { Driver: textOf(planned, "ipamDriver") },
      }),
    );
    const info = await asking("Unable to inspect network", () => created.inspect());
    return { id: info.Id, outputs: outputsOf(info, planned) };
  },

  async read(client, id, outputs) {
    const docker = await client.daemon();
    const info = await finding("Unable to inspect network", () => docker.getNetwork(id).inspect());
    return info && { id: info.Id, outputs: outputsOf(info, outputs) };
  },

  async update(_client, { planned }) {
    return planned;
  },

  async delete(client, { id, signal }) {
    const docker = await client.daemon();
    await removeWhenFree(
      `network ${id}`,
      "has active endpoints",
      () => docker.getNetwork(id).remove(),
      signal,
    );
  },
};

function outputsOf(info: NetworkInspectInfo, known: PropertyMap): PropertyMap {
  return {
    ...known,
    name: info.Name,
    driver: info.Driver,
    internal: info.Internal,
    attachable: info.Attachable,
    ingress: info.Ingress,
    ipv6: info.EnableIPv6,
    scope: info.Scope,
    labels: fromLabels(info.Labels),
    options: info.Options ?? {},
    ipamDriver: info.IPAM?.Driver ?? "default",
    ipamOptions: info.IPAM?.Options ?? {},
    ipamConfigs: (info.IPAM?.Config ?? []).map(addressesOf),
  };
}

function addressesOf(config: Readonly<Record<string, unknown>>): PropertyMap {
  const text = (key: string): string => (typeof config[key] === "string" ? config[key] : "");
  return {
    auxAddress: {},
    gateway: text("Gateway"),
    ipRange: text("IPRange"),
    subnet: text("Subnet"),
  };
}
