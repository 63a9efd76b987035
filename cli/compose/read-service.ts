import { basename, extname } from "node:path";
import { parse } from "yaml";
import type { HealthProbe } from "../../components/core/health.ts";
import type { ResourceLimits } from "../../components/core/managed-container.ts";
import { type Duration, type Size, toMilliseconds } from "../../components/core/units.ts";
import type {
  Gpu,
  JsonValue,
  RenderedFile,
  ServiceKind,
  StageImage,
  StageService,
  StageVolume,
} from "../../components/stage/definition.ts";
import { interpolate } from "./interpolation.ts";
import { type ComposeProject, type ComposeService, EXTENSION, type ServiceDeclarations } from "./project.ts";

/** Where a file is and to whom it belongs. */
export interface FileContext {
  readonly project: ComposeProject;
  /** Number of the stage. */
  readonly number: number;
  /** Path in the repository of a path beside the file. */
  readonly toRepositoryPath: (path: string) => string;
}

const plain = (value: string): string => interpolate(value).text;

/** A service with everything that its container says, derived or not. Variables of the application come later. */
export function readService(
  service: ComposeService,
  kind: ServiceKind,
  replicas: number,
  context: FileContext,
): StageService {
  const { noProbe, ...declared } = service[EXTENSION] ?? inferDeclarations(service);
  const listensOn = declared.port ?? (isEntry(kind) ? 8000 : undefined);
  return {
    ...declared,
    kind: declared.kind ?? kind,
    image: readImage(service, context),
    entrypoint: service.entrypoint?.map(plain),
    command: service.command?.map(plain),
    user: service.user,
    readOnlyRoot: service.read_only,
    workingDirectory: service.working_dir,
    health: readHealth(service, listensOn, noProbe),
    limits: readLimits(service),
    replicas,
    secretFiles: readSecretFiles(service, context),
    volumes: readVolumes(service, context),
    files: readFiles(service, context),
    sharedMemory: readSize(service.shm_size),
    gpu: readGpu(service),
    stopGraceSeconds: readSeconds(service.stop_grace_period),
    restart: RESTARTS.find((restart) => restart === service.restart),
    containerName: withoutNumber(service.container_name, replicas),
    hostname: withoutNumber(service.hostname, replicas),
    aliases: readAliases(service, replicas),
  };
}

/** Several containers alike have numbers behind their names (C-17). */
function withoutNumber(name: string | undefined, replicas: number): string | undefined {
  return replicas === 1 ? name : name?.replace(/-1$/, "");
}

/** Names on the network, without the one that several containers alike share. */
function readAliases(service: ComposeService, replicas: number): string[] | undefined {
  const shared = replicas === 1 ? undefined : withoutNumber(service.container_name, replicas);
  const own = Object.values(service.networks ?? {})
    .flatMap(({ aliases }) => aliases ?? [])
    .filter((alias) => alias !== shared);
  return own.length === 0 ? undefined : own;
}

const RESTARTS = ["unless-stopped", "on-failure", "no"] as const;

function isEntry(kind: ServiceKind): boolean {
  return kind === "orchestrator" || kind === "frontend";
}

/** Image that a service runs; undefined when the file leaves it to another one. */
export function readImage({ image, build }: ComposeService, context: FileContext): StageImage | undefined {
  if (build !== undefined) return { build: context.toRepositoryPath(plain(build.context)) };
  return image === undefined ? undefined : { reference: plain(image) };
}

/** What the container of a service that declares nothing shows. */
function inferDeclarations(service: ComposeService): ServiceDeclarations {
  return { port: portOf(service), telemetryName: service.environment?.["OTEL_SERVICE_NAME"] };
}

/** The port that the probe asks, else the one that is exposed or published. */
function portOf({ healthcheck, expose, ports }: ComposeService): number | undefined {
  const asked = /localhost:(\d+)/.exec(healthcheck?.test?.join(" ") ?? "")?.[1];
  const published = ports?.[0]
    ?.split(":")
    .at(-1)
    ?.replace(/\/\w+$/, "");
  const port = asked ?? expose?.[0] ?? published;
  return port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined;
}

/** What Compose takes for a time that a file does not give. */
const COMPOSE_TIMING = { interval: "30s", timeout: "30s", retries: 3, startPeriod: "0s" } as const;

function readHealth(
  { healthcheck }: ComposeService,
  port: number | undefined,
  reason: string | undefined,
): HealthProbe | undefined {
  if (reason !== undefined) return { kind: "none", reason };
  const test = healthcheck?.test;
  if (healthcheck?.disable === true || test?.[0] === "NONE") {
    return { kind: "none", reason: "switched off in the compose file" };
  }
  if (healthcheck === undefined || test === undefined) {
    return port === undefined ? { kind: "none", reason: "the compose file has none" } : undefined;
  }
  const { interval, timeout, retries, start_period } = healthcheck;
  return {
    kind: "command",
    test: test.map(plain),
    timing: {
      interval: (interval ?? COMPOSE_TIMING.interval) as Duration,
      timeout: (timeout ?? COMPOSE_TIMING.timeout) as Duration,
      retries: retries ?? COMPOSE_TIMING.retries,
      startPeriod: (start_period ?? COMPOSE_TIMING.startPeriod) as Duration,
    },
  };
}

/** Both limits or none: half of them would say more than the file. */
function readLimits({ deploy }: ComposeService): ResourceLimits | undefined {
  const { limits, reservations } = deploy?.resources ?? {};
  const cpus = limits?.cpus === undefined ? Number.NaN : Number(plain(limits.cpus));
  const memory = readSize(limits?.memory);
  if (Number.isNaN(cpus) || memory === undefined) return undefined;
  const reserved = readSize(reservations?.memory);
  return { cpus, memory, ...(reserved === undefined ? {} : { memoryReservation: reserved }) };
}

function readSize(size: string | undefined): Size | undefined {
  const match = /^(\d+(?:\.\d+)?)([MG])$/.exec(size ?? "");
  return match === null ? undefined : (`${match[1]} ${match[2]}B` as Size);
}

function readSeconds(duration: string | undefined): number | undefined {
  return duration === undefined || !/^[\d.]+(ms|s|m|h)$/.test(duration)
    ? undefined
    : toMilliseconds(duration as Duration) / 1000;
}

function readGpu({ deploy }: ComposeService): Gpu | undefined {
  const device = deploy?.resources?.reservations?.devices?.find(({ capabilities }) =>
    capabilities.includes("gpu"),
  );
  if (device === undefined) return undefined;
  return device.device_ids === undefined ? { count: device.count ?? "all" } : { devices: device.device_ids };
}

/** Named volumes; a folder of the host is not carried over. What the stages share is declared by the stage. */
function readVolumes({ volumes = [] }: ComposeService, context: FileContext): StageVolume[] | undefined {
  const own = volumes.flatMap(({ type, source, target, read_only }) => {
    if (type !== "volume" || source === undefined || isSharedFolder(target)) return [];
    const name = volumeName(source, context);
    return [{ name, path: target, ...(read_only === true ? { readOnly: true } : {}) }];
  });
  return own.length === 0 ? undefined : own;
}

/** `/shared/stage{N}` is the folder of stage N (`002-073`). */
function isSharedFolder(path: string): boolean {
  return /^\/shared\/stage[1-8]$/.test(path);
}

function volumeName(source: string, { project, number }: FileContext): string {
  const name = project.volumes?.[source]?.name ?? source;
  return name
    .replace(`storytelling-stage${number}-`, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}

/** Files whose content stands in the compose file and is data. */
function readFiles({ configs = [] }: ComposeService, { project }: FileContext): RenderedFile[] | undefined {
  const files = configs.flatMap(({ source, target }) => {
    const content = project.configs?.[source]?.content;
    const isData = [".yaml", ".yml", ".json"].includes(extname(target));
    return content === undefined || !isData
      ? []
      : [{ path: target, data: parse(plain(content)) as JsonValue }];
  });
  return files.length === 0 ? undefined : files;
}

/** `API_KEY` for `/run/secrets/api_key`, filled by the secret of the configuration that is named like the variable. */
function readSecretFiles(
  { secrets = [] }: ComposeService,
  { project }: FileContext,
): Record<string, string> | undefined {
  const files = secrets.map(({ source, target }) => {
    const variable = basename(target).replaceAll(/\W/g, "_").toUpperCase();
    return [variable, project.secrets?.[source]?.environment ?? source.toUpperCase()] as const;
  });
  return files.length === 0 ? undefined : Object.fromEntries(files);
}
