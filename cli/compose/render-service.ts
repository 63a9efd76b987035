import { output } from "@pulumi/pulumi";
import { CONTAINER_DEFAULTS } from "../../components/core/container-defaults.ts";
import { dockerTmpfs, dockerUser } from "../../components/core/hardening.ts";
import type { HealthProbe } from "../../components/core/health.ts";
import type { ManagedContainerArgs, Mount, ResourceLimits } from "../../components/core/managed-container.ts";
import type { Size } from "../../components/core/units.ts";
import { soleVariable, toComposeText } from "./interpolation.ts";
import type { ComposeHealthcheck, ComposeMount, ComposeProject, ComposeService } from "./project.ts";

/** A service with what it needs at the top level of the file. */
export interface RenderedService extends Required<Pick<ComposeProject, "configs" | "secrets">> {
  readonly service: ComposeService;
}

/** The service by which Compose makes the same container as the program does from these arguments. */
export async function renderService(args: ManagedContainerArgs): Promise<RenderedService> {
  const files = await renderFiles(args);
  const service: ComposeService = {
    container_name: args.containerName,
    hostname: args.hostname,
    image: await settled(args.image),
    entrypoint: args.entrypoint?.map(toComposeText),
    command: args.command?.map(toComposeText),
    user: dockerUser(args.user),
    read_only: "readOnly" in args.rootFilesystem ? true : undefined,
    tmpfs: composeTmpfs(args),
    working_dir: args.workingDirectory,
    init: CONTAINER_DEFAULTS.init,
    restart: args.restart ?? CONTAINER_DEFAULTS.restart,
    stop_grace_period: `${args.stopGraceSeconds ?? CONTAINER_DEFAULTS.stopGraceSeconds}s`,
    environment: await renderEnvironment(args),
    ...files.service,
    volumes: args.mounts === undefined || args.mounts.length === 0 ? undefined : args.mounts.map(renderMount),
    networks: Object.fromEntries(
      args.networks.map(({ name, aliases }) => [name, aliases === undefined ? {} : { aliases }]),
    ),
    healthcheck: renderHealthcheck(args.health),
    deploy: { resources: renderResources(args.limits) },
    memswap_limit: composeSize(args.limits.memory),
    shm_size: args.sharedMemory === undefined ? undefined : composeSize(args.sharedMemory),
    cap_drop: CONTAINER_DEFAULTS.droppedCapabilities,
    cap_add: args.capabilities?.map(({ name }) => name),
    security_opt: CONTAINER_DEFAULTS.securityOptions,
    labels: renderLabels(args.labels ?? {}),
    logging: { driver: CONTAINER_DEFAULTS.logDriver, options: CONTAINER_DEFAULTS.logOptions },
  };
  return { service, configs: files.configs, secrets: files.secrets };
}

/** The value of an input. Outputs answer without a running program, too. */
async function settled(value: ManagedContainerArgs["image"]): Promise<string> {
  return new Promise((resolve) => {
    output(value).apply((text) => resolve(toComposeText(text)));
  });
}

async function renderEnvironment({
  environment = {},
}: ManagedContainerArgs): Promise<Record<string, string>> {
  const entries = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, value]) => [key, await settled(value)] as const)),
  );
}

/** Files of a container, and what of them stands at the top level. */
interface RenderedFiles extends Omit<RenderedService, "service"> {
  readonly service: Pick<ComposeService, "configs" | "secrets">;
}

/** A file that is one secret and nothing else is a secret of Compose; every other one stands in the file itself. */
async function renderFiles({ containerName, files = [] }: ManagedContainerArgs): Promise<RenderedFiles> {
  const rendered = await Promise.all(
    files.map(async ({ path, content }, index) => {
      const text = await settled(content);
      return { source: `${containerName}-${index}`, target: path, text, variable: soleVariable(text) };
    }),
  );
  const plain = rendered.filter(({ variable }) => variable === undefined);
  const secret = rendered.flatMap(({ variable, target }) =>
    variable === undefined ? [] : [{ source: variable, target }],
  );
  return {
    configs: Object.fromEntries(plain.map(({ source, text }) => [source, { content: text }])),
    secrets: Object.fromEntries(secret.map(({ source }) => [source, { environment: source }])),
    service: {
      configs: plain.length === 0 ? undefined : plain.map(({ source, target }) => ({ source, target })),
      secrets: secret.length === 0 ? undefined : secret,
    },
  };
}

/** `/tmp:rw,size=64m`, the form in which Compose hands on what Docker itself takes. */
function composeTmpfs({ rootFilesystem }: ManagedContainerArgs): string[] | undefined {
  const folders = Object.entries(dockerTmpfs(rootFilesystem)).map(([path, options]) => `${path}:${options}`);
  return folders.length === 0 ? undefined : folders;
}

function renderMount(mount: Mount): ComposeMount {
  const source = "volume" in mount ? mount.volume : mount.hostPath;
  return {
    type: "volume" in mount ? "volume" : "bind",
    source,
    target: mount.path,
    ...(mount.readOnly === true ? { read_only: true } : {}),
  };
}

function renderHealthcheck(probe: HealthProbe): ComposeHealthcheck {
  if (probe.kind === "none") return { disable: true };
  const { interval, timeout, retries, startPeriod } = probe.timing;
  return { test: probe.test.map(toComposeText), interval, timeout, retries, start_period: startPeriod };
}

function renderResources({ cpus, memory, memoryReservation }: ResourceLimits) {
  return {
    limits: { cpus: String(cpus), memory: composeSize(memory) },
    ...(memoryReservation === undefined ? {} : { reservations: { memory: composeSize(memoryReservation) } }),
  };
}

/** `512M` for `512 MB`: Compose counts in the same binary units. */
function composeSize(size: Size): string {
  return size.replace(" ", "").slice(0, -1);
}

/** Compose keeps the labels under its own name for itself; it sets the project's from the name of the file (C-20). */
function renderLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([label]) => !label.startsWith("com.docker.compose."))
      .map(([label, value]) => [label, toComposeText(value)]),
  );
}
