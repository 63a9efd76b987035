import type { ContainerInspectInfo } from "dockerode";
import type { PropertyMap, PropertyValue } from "../../bridge/values.ts";

/** What the daemon reports and the type definitions of its client do not (yet) name. */
export type Inspection = ContainerInspectInfo & {
  readonly Config: { readonly StopSignal?: string; readonly StopTimeout?: number };
  readonly NetworkSettings: { readonly Bridge?: string };
};

/** The outputs that come and go with the container's process. */
export function runOutputs(info: Inspection, known: PropertyMap): PropertyMap {
  const isRunning = info.State.Running;
  return {
    bridge: info.NetworkSettings.Bridge ?? "",
    // A stopped container publishes nothing, which says nothing about what it was given.
    ports: isRunning ? portOutputs(info) : (known["ports"] ?? []),
    networkDatas: networkOutputs(info),
    exitCode: isRunning ? (known["exitCode"] ?? null) : info.State.ExitCode,
    mustRun: isRunning ? (known["mustRun"] ?? true) : false,
  };
}

function portOutputs(info: Inspection): PropertyValue {
  const published = Object.entries(info.NetworkSettings.Ports ?? {}).flatMap(([key, bindings]) => {
    const [internal = "", protocol = ""] = key.split("/");
    return (bindings ?? []).map((binding) => ({
      external: Number(binding.HostPort),
      internal: Number(internal),
      ip: binding.HostIp,
      protocol,
    }));
  });
  return published.sort((left, right) => left.internal - right.internal);
}

export function networkOutputs(info: ContainerInspectInfo): PropertyValue {
  return Object.entries(info.NetworkSettings.Networks ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([networkName, network]) => ({
      gateway: network.Gateway,
      globalIpv6Address: network.GlobalIPv6Address,
      globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      ipv6Gateway: network.IPv6Gateway,
      macAddress: network.MacAddress,
      networkName,
    }));
}
