import type { ContainerCreateOptions, HostConfig, MountSettings } from "dockerode";
import {
  flagOf,
  isMap,
  mapsOf,
  numberOf,
  type PropertyMap,
  textMapOf,
  textOf,
  textsOf,
} from "../../bridge/values.ts";
import { toLabels } from "../labels.ts";
import { parseGoDuration } from "./go-duration.ts";

const BYTES_PER_MB = 1024 * 1024;

/** The daemon's request for a container. What was left out is left out here too, so that its default holds. */
export function createOptions(planned: PropertyMap): ContainerCreateOptions {
  const command = textsOf(planned, "command");
  if (command.includes("")) throw new Error("values for command may not be empty");
  const ports = mapsOf(planned, "ports");
  const volumes = mapsOf(planned, "volumes");
  return {
    name: textOf(planned, "name"),
    Image: textOf(planned, "image"),
    Hostname: textOf(planned, "hostname"),
    User: textOf(planned, "user"),
    WorkingDir: textOf(planned, "workingDir"),
    OpenStdin: flagOf(planned, "stdinOpen"),
    Env: [...textsOf(planned, "envs")],
    Labels: toLabels(planned),
    ...whenFilled("Cmd", command),
    ...whenFilled("Entrypoint", textsOf(planned, "entrypoints")),
    ...whenSet("StopSignal", textOf(planned, "stopSignal")),
    ...whenSet("StopTimeout", numberOf(planned, "stopTimeout")),
    ...(ports.length > 0
      ? { ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])) }
      : {}),
    ...(volumes.length > 0
      ? { Volumes: Object.fromEntries(volumes.map((volume) => [textOf(volume, "containerPath"), {}])) }
      : {}),
    ...healthcheckOf(planned),
    HostConfig: hostConfigOf(planned),
  };
}

function hostConfigOf(planned: PropertyMap): HostConfig {
  return {
    Privileged: flagOf(planned, "privileged"),
    ReadonlyRootfs: flagOf(planned, "readOnly"),
    // Left out it is sent as false, which overrides the daemon's own default.
    Init: flagOf(planned, "init"),
    RestartPolicy: { Name: textOf(planned, "restart"), MaximumRetryCount: 0 },
    NetworkMode: textOf(planned, "networkMode"),
    LogConfig: { Type: textOf(planned, "logDriver"), Config: { ...textMapOf(planned, "logOpts") } },
    ...limitsOf(planned),
    ...whenSet("PidMode", textOf(planned, "pidMode")),
    ...whenSet("ShmSize", numberOf(planned, "shmSize") * BYTES_PER_MB),
    ...whenFilled("SecurityOpt", textsOf(planned, "securityOpts")),
    ...whenFilled("GroupAdd", textsOf(planned, "groupAdds")),
    ...whenFilled("Binds", mapsOf(planned, "volumes").flatMap(bindOf)),
    ...whenFilled("Mounts", mapsOf(planned, "mounts").map(mountOf)),
    ...whenFilled("Ulimits", mapsOf(planned, "ulimits").map(ulimitOf)),
    ...whenFilled(
      "ExtraHosts",
      mapsOf(planned, "hosts").map((host) => `${textOf(host, "host")}:${textOf(host, "ip")}`),
    ),
    ...whenNamed("Tmpfs", textMapOf(planned, "tmpfs")),
    ...whenNamed("Sysctls", textMapOf(planned, "sysctls")),
    ...portBindingsOf(mapsOf(planned, "ports")),
    ...capabilitiesOf(planned),
    ...gpusOf(textOf(planned, "gpus")),
  };
}

/** The limits that the daemon can also change on a running container, and the CPU limit, which it cannot. */
function limitsOf(planned: PropertyMap): HostConfig {
  const cpus = textOf(planned, "cpus");
  return {
    ...memoryLimitsOf(planned),
    ...(cpus === "" ? {} : { NanoCpus: Math.round(Number(cpus) * 1e9) }),
  };
}

/** Limits in bytes; -1 for swap means no limit and stays -1. */
export function memoryLimitsOf(planned: PropertyMap): HostConfig {
  const swap = numberOf(planned, "memorySwap");
  return {
    ...whenSet("Memory", numberOf(planned, "memory") * BYTES_PER_MB),
    ...whenSet("MemoryReservation", numberOf(planned, "memoryReservation") * BYTES_PER_MB),
    ...whenSet("MemorySwap", swap > 0 ? swap * BYTES_PER_MB : swap),
  };
}

function healthcheckOf(planned: PropertyMap): Pick<ContainerCreateOptions, "Healthcheck"> {
  const healthcheck = planned["healthcheck"];
  if (!isMap(healthcheck)) return {};
  const startInterval = parseGoDuration(textOf(healthcheck, "startInterval"));
  const timings = {
    Interval: parseGoDuration(textOf(healthcheck, "interval")),
    Timeout: parseGoDuration(textOf(healthcheck, "timeout")),
    StartPeriod: parseGoDuration(textOf(healthcheck, "startPeriod")),
    // An engine before API 1.44 does not know it.
    ...whenSet("StartInterval", startInterval),
  };
  return {
    Healthcheck: {
      Test: [...textsOf(healthcheck, "tests")],
      Retries: numberOf(healthcheck, "retries"),
      ...timings,
    },
  };
}

function portKey(port: PropertyMap): string {
  return `${numberOf(port, "internal")}/${textOf(port, "protocol")}`;
}

function portBindingsOf(ports: readonly PropertyMap[]): Pick<HostConfig, "PortBindings"> {
  if (ports.length === 0) return {};
  const bindings: Record<string, { readonly HostIp: string; readonly HostPort: string }[]> = {};
  for (const port of ports) {
    const external = numberOf(port, "external");
    const key = portKey(port);
    bindings[key] ??= [];
    bindings[key].push({ HostIp: textOf(port, "ip"), HostPort: external === 0 ? "" : String(external) });
  }
  return { PortBindings: bindings };
}

/** `source:path:mode`; an entry without a source is an anonymous volume and needs no bind. */
function bindOf(volume: PropertyMap): readonly string[] {
  const path = textOf(volume, "containerPath");
  const source = textOf(volume, "volumeName") || textOf(volume, "hostPath");
  if (path === "") throw new Error("Unable to parse volumes: Volume entry without container path");
  if (source === "") return [];
  return [`${source}:${path}:${flagOf(volume, "readOnly") ? "ro" : "rw"}`];
}

const MOUNT_TYPES = ["bind", "volume", "tmpfs"] as const;

function mountOf(mount: PropertyMap): MountSettings {
  const given = textOf(mount, "type");
  const type = MOUNT_TYPES.find((known) => known === given);
  if (!type) throw new Error(`mount type "${given}" is not known: use one of ${MOUNT_TYPES.join(", ")}`);
  return {
    Type: type,
    Target: textOf(mount, "target"),
    Source: textOf(mount, "source"),
    ReadOnly: flagOf(mount, "readOnly"),
  };
}

function ulimitOf(ulimit: PropertyMap) {
  return { Name: textOf(ulimit, "name"), Soft: numberOf(ulimit, "soft"), Hard: numberOf(ulimit, "hard") };
}

function capabilitiesOf(planned: PropertyMap): Pick<HostConfig, "CapAdd" | "CapDrop"> {
  const capabilities = planned["capabilities"];
  if (!isMap(capabilities)) return {};
  return {
    ...whenFilled("CapAdd", textsOf(capabilities, "adds")),
    ...whenFilled("CapDrop", textsOf(capabilities, "drops")),
  };
}

/** `all`, or `device=0,2`. */
function gpusOf(gpus: string): Pick<HostConfig, "DeviceRequests"> {
  if (gpus === "") return {};
  const devices = /^device=(.+)$/.exec(gpus)?.[1]?.split(",");
  if (!devices && gpus !== "all") throw new Error(`gpus "${gpus}" is not known: use "all" or "device=0,2"`);
  const selection = devices ? { DeviceIDs: devices } : { Count: -1 };
  return { DeviceRequests: [{ ...selection, Capabilities: [["gpu"]] }] };
}

type Named<Key extends string, Value> = { [K in Key]?: Value };

function whenFilled<Key extends string, Item>(key: Key, items: readonly Item[]): Named<Key, Item[]> {
  return (items.length > 0 ? { [key]: [...items] } : {}) as Named<Key, Item[]>;
}

function whenNamed<Key extends string>(
  key: Key,
  map: Readonly<Record<string, string>>,
): Named<Key, Record<string, string>> {
  return (Object.keys(map).length > 0 ? { [key]: { ...map } } : {}) as Named<Key, Record<string, string>>;
}

function whenSet<Key extends string, Value extends string | number>(
  key: Key,
  value: Value,
): Named<Key, Value> {
  return (value === "" || value === 0 ? {} : { [key]: value }) as Named<Key, Value>;
}
