import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "./config-file.ts";
import { CONTAINER_DEFAULTS } from "./container-defaults.ts";
import { type Environment, toEnvironmentList } from "./environment.ts";
import { assertHardening, dockerTmpfs, dockerUser, type Hardening } from "./hardening.ts";
import { shortHash } from "./hash.ts";
import type { HealthProbe } from "./health.ts";
import { type Labels, ownerLabels, toLabelList } from "./labels.ts";
import { NO_HEALTH_CHECK_LABEL, OWNER_LABELS, RUNS_TO_END_LABEL } from "./owner-labels.ts";
import { type Size, toCpuString, toGoDuration, toMegabytes, toMilliseconds } from "./units.ts";

/** Most CPU and memory a container may take. A container without limits cannot be written (`000-054`). */
export interface ResourceLimits {
  /** CPUs, in fractions. */
  readonly cpus: number;
  readonly memory: Size;
  /** Memory that stays with the container when the host runs short. Nothing is reserved unless given. */
  readonly memoryReservation?: Size;
}

/** A network to join, by its static name, and the names by which others find the container there. */
export interface NetworkAttachment {
  readonly name: string;
  readonly aliases?: readonly string[];
}

/** A port of the host that leads into the container. */
export interface PublishedPort {
  readonly host: number;
  readonly container: number;
  /** Address of the host to listen on. */
  readonly address: string;
}

/** A named volume or a folder of the host, mounted into the container. */
export type Mount =
  | { readonly volume: string; readonly path: string; readonly readOnly?: boolean }
  | { readonly hostPath: string; readonly path: string; readonly readOnly: true };

export interface ManagedContainerArgs extends Hardening {
  /** Name of the container on the host. */
  readonly containerName: string;
  /** Image reference. No default on purpose: versions belong to the deployment's catalogue. */
  readonly image: pulumi.Input<string>;
  readonly networks: readonly NetworkAttachment[];
  readonly health: HealthProbe;
  readonly limits: ResourceLimits;
  /** Command line. The image's own runs unless given. */
  readonly command?: readonly string[];
  /** Replaces the image's entry point. The image's own stays unless given. */
  readonly entrypoint?: readonly string[];
  readonly environment?: Environment;
  readonly labels?: Labels;
  readonly files?: readonly ConfigFile[];
  readonly mounts?: readonly Mount[];
  /** Nothing is published unless given. */
  readonly ports?: readonly PublishedPort[];
  readonly hostname?: string;
  readonly workingDirectory?: string;
  /** Size of `/dev/shm`. 64 MB unless given. */
  readonly sharedMemory?: Size;
  /** NVIDIA devices in the provider's spelling, `all` or `device=0,2`. None unless given. */
  readonly gpus?: string;
  /** What Docker does when the process ends. `unless-stopped` unless given. */
  readonly restart?: "unless-stopped" | "on-failure" | "no";
  /** How long the process may take to stop before it is killed. 10 seconds unless given. */
  readonly stopGraceSeconds?: number;
  /** How long `up` waits for the container to become healthy. As long as Docker waits before it calls it unhealthy, unless given. */
  readonly readyTimeoutSeconds?: number;
  /** Whether the container does its work and ends, and `up` waits for the end. It serves until it is stopped unless given. */
  readonly runsToEnd?: boolean;
}

/**
 * The only container of the program: every service is one of these. It speaks the provider's canonical forms,
 * so that a refresh shows no difference, and makes what the provider would silently ignore a replacement. It has no
 * word for a namespace of the host or for `privileged`.
 */
export class ManagedContainer extends docker.Container {
  /** What the container was declared with, for whoever writes it down. */
  public readonly declared: ManagedContainerArgs;

  public constructor(name: string, args: ManagedContainerArgs, opts: pulumi.CustomResourceOptions = {}) {
    assertHardening(args, args.files?.length ?? 0);
    super(name, toContainerArgs(name, args), { deleteBeforeReplace: true, ...opts });
    this.declared = args;
  }
}

function toContainerArgs(name: string, args: ManagedContainerArgs): docker.ContainerArgs {
  const healthcheck = toHealthcheck(args.health);
  const memory = toMegabytes(args.limits.memory);
  const user = dockerUser(args.user);
  const tmpfs = dockerTmpfs(args.rootFilesystem);
  return {
    name: args.containerName,
    image: args.image,
    ...(args.command === undefined ? {} : { command: [...args.command] }),
    ...(args.entrypoint === undefined ? {} : { entrypoints: [...args.entrypoint] }),
    ...(user === undefined ? {} : { user }),
    ...(args.hostname === undefined ? {} : { hostname: args.hostname }),
    ...(args.workingDirectory === undefined ? {} : { workingDir: args.workingDirectory }),
    envs: toEnvironmentList(args.environment ?? {}),
    labels: toLabelList({
      ...args.labels,
      ...kindLabels(args),
      ...ownerLabels(name),
      [OWNER_LABELS.spec]: silentInputsHash(args, healthcheck),
    }),
    networksAdvanced: args.networks.map(({ name, aliases }) => ({ name, aliases: [...(aliases ?? [])] })),
    ports: (args.ports ?? []).map((port) => ({
      internal: port.container,
      external: port.host,
      ip: port.address,
      protocol: "tcp",
    })),
    volumes: (args.mounts ?? []).map(toVolume),
    uploads: (args.files ?? []).map(({ path, content, mode }) => ({
      file: path,
      content,
      permissions: mode ?? "0644",
    })),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    wait: healthcheck !== undefined,
    waitTimeout: args.readyTimeoutSeconds ?? patienceSeconds(args.health),
    cpus: toCpuString(args.limits.cpus),
    memory,
    // Docker doubles an unset swap limit, which shows as a difference and later refuses a higher memory limit.
    memorySwap: memory,
    ...(args.limits.memoryReservation === undefined
      ? {}
      : { memoryReservation: toMegabytes(args.limits.memoryReservation) }),
    ...(args.sharedMemory === undefined ? {} : { shmSize: toMegabytes(args.sharedMemory) }),
    ...(args.gpus === undefined ? {} : { gpus: args.gpus }),
    init: CONTAINER_DEFAULTS.init,
    ...(args.runsToEnd
      ? { restart: "no", attach: true, mustRun: false }
      : { restart: args.restart ?? CONTAINER_DEFAULTS.restart }),
    // Without it the provider kills at once; a store would recover from a crash at each replacement.
    destroyGraceSeconds: args.stopGraceSeconds ?? CONTAINER_DEFAULTS.stopGraceSeconds,
    stopTimeout: args.stopGraceSeconds ?? CONTAINER_DEFAULTS.stopGraceSeconds,
    capabilities: {
      drops: [...CONTAINER_DEFAULTS.droppedCapabilities],
      adds: (args.capabilities ?? []).map(({ name: capability }) => capability),
    },
    readOnly: "readOnly" in args.rootFilesystem,
    ...(Object.keys(tmpfs).length === 0 ? {} : { tmpfs }),
    securityOpts: [...CONTAINER_DEFAULTS.securityOptions],
    logDriver: CONTAINER_DEFAULTS.logDriver,
    logOpts: CONTAINER_DEFAULTS.logOptions,
  };
}

/** Tells whoever looks at the container why nobody asks it how it is. */
function kindLabels({ health, runsToEnd }: ManagedContainerArgs): Labels {
  if (runsToEnd === true) return { [RUNS_TO_END_LABEL]: "true" };
  return health.kind === "none" ? { [NO_HEALTH_CHECK_LABEL]: health.reason } : {};
}

/** The time after which Docker itself calls the container unhealthy: a crash is told then, and not later. */
function patienceSeconds(probe: HealthProbe): number {
  if (probe.kind === "none") return 60;
  const { startPeriod, interval, timeout, retries } = probe.timing;
  const failures = retries * (toMilliseconds(interval) + toMilliseconds(timeout));
  return Math.ceil((toMilliseconds(startPeriod) + failures) / 1000);
}

function toHealthcheck(probe: HealthProbe): HealthcheckArgs | undefined {
  if (probe.kind === "none") return undefined;
  return {
    tests: [...probe.test],
    interval: toGoDuration(probe.timing.interval),
    timeout: toGoDuration(probe.timing.timeout),
    retries: probe.timing.retries,
    startPeriod: toGoDuration(probe.timing.startPeriod),
  };
}

interface HealthcheckArgs {
  readonly tests: string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly startPeriod: string;
}

/**
 * The provider plans a changed health check or folder in memory as an update and does nothing, and does not see that a command, a user,
 * a host name, shared memory or all variables were taken away. Their hash in a label, which it does compare, replaces the container.
 */
function silentInputsHash(args: ManagedContainerArgs, healthcheck: HealthcheckArgs | undefined): string {
  return shortHash([
    healthcheck,
    args.command,
    args.entrypoint,
    args.hostname,
    dockerUser(args.user),
    dockerTmpfs(args.rootFilesystem),
    args.workingDirectory,
    args.sharedMemory,
    Object.keys(args.environment ?? {}).sort(),
  ]);
}

function toVolume(mount: Mount): {
  volumeName?: string;
  hostPath?: string;
  containerPath: string;
  readOnly: boolean;
} {
  const source = "volume" in mount ? { volumeName: mount.volume } : { hostPath: mount.hostPath };
  return { ...source, containerPath: mount.path, readOnly: mount.readOnly ?? false };
}
