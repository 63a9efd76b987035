import type { ContainerInspectInfo } from "dockerode";
import { type PropertyMap, textOf } from "../../bridge/values.ts";
import { formatGoDuration } from "./go-duration.ts";
import { type Inspection, runOutputs } from "./read-run-state.ts";

/** Parts of the host configuration that the client's type definitions leave open. */
interface HostCollections {
  readonly CapAdd?: readonly string[] | null;
  readonly CapDrop?: readonly string[] | null;
  readonly ExtraHosts?: readonly string[] | null;
  readonly SecurityOpt?: readonly string[] | null;
  readonly StorageOpt?: Readonly<Record<string, string>> | null;
  readonly Sysctls?: Readonly<Record<string, string>> | null;
  readonly Tmpfs?: Readonly<Record<string, string>> | null;
}

const BYTES_PER_MB = 1024 * 1024;

/**
 * The outputs of a container as it runs. Environment, labels, volumes, uploads and networks are not read
 * back: the official plugin does not either, because images add to them, so `known` stays.
 */
export function containerOutputs(info: ContainerInspectInfo, known: PropertyMap): PropertyMap {
  const inspection: Inspection = info;
  return {
    ...known,
    ...configOutputs(inspection, known),
    ...hostOutputs(inspection, known),
    ...runOutputs(inspection, known),
    ...limitOutputs(inspection, known),
  };
}

function configOutputs(info: Inspection, known: PropertyMap): PropertyMap {
  const { Config: config } = info;
  return {
    name: info.Name.replace(/^\//, ""),
    image: config.Image.startsWith("sha256:") ? textOf(known, "image") : config.Image,
    command: config.Cmd ?? [],
    entrypoints: listed(config.Entrypoint),
    // Settled once the container exists: nothing given is "none", not "still to be computed".
    envs: known["envs"] ?? [],
    labels: known["labels"] ?? [],
    hostname: config.Hostname,
    domainname: config.Domainname,
    user: config.User,
    workingDir: config.WorkingDir,
    stdinOpen: config.OpenStdin,
    tty: config.Tty,
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? 0,
    healthcheck: healthcheckOutput(info) ?? known["healthcheck"] ?? null,
    platform: info.Platform,
  };
}

function listed(value: string | readonly string[] | null | undefined): readonly string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}

function healthcheckOutput(info: Inspection): PropertyMap | undefined {
  const check = info.Config.Healthcheck;
  if (!check) return undefined;
  return {
    tests: check.Test ?? [],
    interval: formatGoDuration(check.Interval ?? 0),
    timeout: formatGoDuration(check.Timeout ?? 0),
    startPeriod: formatGoDuration(check.StartPeriod ?? 0),
    startInterval: formatGoDuration(("StartInterval" in check ? Number(check.StartInterval) : 0) || 0),
    retries: check.Retries ?? 0,
  };
}

function hostOutputs(info: Inspection, known: PropertyMap): PropertyMap {
  const { HostConfig: host } = info;
  const given: HostCollections = host;
  const logConfig: { readonly Config?: Readonly<Record<string, string>> | null } | undefined = host.LogConfig;
  const capabilities = { adds: sorted(given.CapAdd), drops: sorted(given.CapDrop) };
  const hasCapabilities = capabilities.adds.length > 0 || capabilities.drops.length > 0;
  return {
    capabilities: hasCapabilities ? capabilities : (known["capabilities"] ?? null),
    dns: host.Dns ?? [],
    dnsOpts: host.DnsOptions ?? [],
    dnsSearches: host.DnsSearch ?? [],
    groupAdds: sorted((host.GroupAdd ?? []).map(String)),
    gpus: (host.DeviceRequests ?? []).length > 0 ? (known["gpus"] ?? "all") : null,
    hosts: (given.ExtraHosts ?? []).map(hostOutput).sort(byText),
    init: host.Init ?? false,
    ipcMode: host.IpcMode ?? "",
    logDriver: host.LogConfig?.Type ?? "",
    logOpts: { ...logConfig?.Config },
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    mounts: (host.Mounts ?? []).map(mountOutput).sort(byText),
    networkMode: host.NetworkMode ?? "",
    pidMode: isText(host.PidMode) ? host.PidMode : (known["pidMode"] ?? null),
    privileged: host.Privileged ?? false,
    publishAllPorts: host.PublishAllPorts ?? false,
    readOnly: host.ReadonlyRootfs ?? false,
    restart: isText(host.RestartPolicy?.Name) ? host.RestartPolicy.Name : "no",
    rm: host.AutoRemove ?? false,
    runtime: host.Runtime ?? "",
    securityOpts: sorted(given.SecurityOpt),
    storageOpts: { ...given.StorageOpt },
    sysctls: { ...given.Sysctls },
    tmpfs: { ...given.Tmpfs },
    usernsMode: host.UsernsMode ?? "",
  };
}

function sorted(texts: readonly string[] | null | undefined): readonly string[] {
  return (texts ?? []).toSorted((left, right) => (left < right ? -1 : 1));
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function byText(left: PropertyMap, right: PropertyMap): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function hostOutput(entry: string): PropertyMap {
  const separator = entry.indexOf(":");
  return { host: entry.slice(0, separator), ip: entry.slice(separator + 1) };
}

function mountOutput(mount: {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
}): PropertyMap {
  return {
    bindOptions: null,
    readOnly: mount.ReadOnly ?? false,
    source: mount.Source ?? "",
    target: mount.Target ?? "",
    tmpfsOptions: null,
    type: mount.Type ?? "",
    volumeOptions: null,
  };
}

function limitOutputs(info: Inspection, known: PropertyMap): PropertyMap {
  const { HostConfig: host } = info;
  const swap = host.MemorySwap ?? 0;
  const nanoCpus = host.NanoCpus ?? 0;
  return {
    memory: Math.trunc((host.Memory ?? 0) / BYTES_PER_MB),
    memoryReservation: Math.trunc((host.MemoryReservation ?? 0) / BYTES_PER_MB),
    memorySwap: swap > 0 ? Math.trunc(swap / BYTES_PER_MB) : swap,
    shmSize: Math.trunc((host.ShmSize ?? 0) / BYTES_PER_MB),
    cpuShares: host.CpuShares ?? 0,
    cpuSet: host.CpusetCpus ?? "",
    cpus: nanoCpus > 0 ? decimalCpus(nanoCpus) : (known["cpus"] ?? null),
    ulimits: (host.Ulimits ?? [])
      .map(({ Name, Soft, Hard }) => ({ hard: Hard ?? 0, name: Name ?? "", soft: Soft ?? 0 }))
      .sort(byText),
  };
}

/** `0.5`, `1.0`, `2.0`: always with a decimal, which is why another spelling is a change. */
export function decimalCpus(nanoCpus: number): string {
  const text = String(nanoCpus / 1e9);
  return text.includes(".") ? text : `${text}.0`;
}
