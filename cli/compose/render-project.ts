import { toYaml } from "../../components/core/yaml.ts";
import type { Gpu, StageDefinition, StageService } from "../../components/stage/definition.ts";
import { routePrefix, stageProject } from "../../components/stage/names.ts";
import { serviceContainers } from "../../components/stage/stage-containers.ts";
import { type ComposeContext, NETWORK, stageContext } from "./context.ts";
import { serviceDeclarations, stageDeclarations } from "./declarations.ts";
import { type ComposeProject, type ComposeService, EXTENSION } from "./project.ts";
import { type RenderedService, renderService } from "./render-service.ts";
import { serviceKeys } from "./service-keys.ts";

/**
 * The compose project that runs the same containers as the program does. It is complete in itself: no other file is laid
 * under it (C-18, C-19).
 */
export async function renderProject(
  stage: StageDefinition,
  context: ComposeContext,
): Promise<ComposeProject> {
  const rendered = await Promise.all(
    Object.keys(stage.services).map(async (name) => renderReplicas(stage, name, context)),
  );
  const services = united(rendered.map((each) => each.services));
  return {
    name: stageProject(stage),
    [EXTENSION]: unlessEmpty(stageDeclarations(stage)),
    services,
    networks: { [NETWORK]: { name: NETWORK, external: true } },
    volumes: unlessEmpty(renderVolumes(services)),
    configs: unlessEmpty(united(rendered.map(({ configs }) => configs))),
    secrets: unlessEmpty(united(rendered.map(({ secrets }) => secrets))),
  };
}

/** The project as a file. */
export function composeText(stage: StageDefinition, project: ComposeProject): string {
  return [
    `# Stage ${stage.number}, ${stage.name}: its containers on the running platform, by \`docker compose\` alone.`,
    "# Written by `storytelling export`; `storytelling import` turns it into a stage definition again.",
    `# Passwords come from .env. The gateway leads ${routePrefix(stage)} here, so nothing publishes a port of the host.`,
    "",
    toYaml(project),
  ].join("\n");
}

interface RenderedReplicas extends Omit<RenderedService, "service"> {
  readonly services: ComposeProject["services"];
}

/** Several containers alike are the first one under other names. */
async function renderReplicas(
  stage: StageDefinition,
  name: string,
  context: ComposeContext,
): Promise<RenderedReplicas> {
  const containers = serviceContainers(stage, name, stageContext(stage, context));
  const [first, ...others] = await Promise.all(containers.map(renderService));
  if (first === undefined) throw new Error(`the service ${name} has no container`);
  const [key = name, ...otherKeys] = serviceKeys(stage, name);
  const replicas = others.map(
    ({ service: { container_name, hostname } }, index): [string, ComposeService] => {
      return [otherKeys[index] ?? key, { extends: { service: key }, container_name, hostname }];
    },
  );
  return {
    configs: first.configs,
    secrets: first.secrets,
    services: {
      [key]: completeService(stage, name, first.service, context),
      ...Object.fromEntries(replicas),
    },
  };
}

/** A service with what lies beyond its one container. */
function completeService(
  stage: StageDefinition,
  name: string,
  { container_name, hostname, image, ...container }: ComposeService,
  { resolveImage }: ComposeContext,
): ComposeService {
  const service = stage.services[name] as StageService;
  return {
    container_name,
    hostname,
    image,
    build: resolveImage(service.image ?? stage.image).build,
    ...container,
    ...(service.kind === "job" ? { restart: "no" } : {}),
    ...(service.gpu === undefined ? {} : { deploy: withGpu(container.deploy, service.gpu) }),
    depends_on: unlessEmpty(jobsBefore(stage, name)),
    [EXTENSION]: serviceDeclarations(service),
  };
}

function withGpu(deploy: ComposeService["deploy"], gpu: Gpu): ComposeService["deploy"] {
  const { limits, reservations } = deploy?.resources ?? {};
  const wanted = "count" in gpu ? { count: gpu.count } : { device_ids: gpu.devices };
  const device = { driver: "nvidia", ...wanted, capabilities: ["gpu"] };
  return { resources: { limits, reservations: { ...reservations, devices: [device] } } };
}

/** Jobs run one after the other, and every other service after all of them. */
function jobsBefore(stage: StageDefinition, name: string): NonNullable<ComposeService["depends_on"]> {
  const jobs = Object.keys(stage.services).filter((each) => stage.services[each]?.kind === "job");
  const before = jobs.includes(name) ? jobs.slice(0, jobs.indexOf(name)) : jobs;
  const keys = before.flatMap((job) => serviceKeys(stage, job));
  return Object.fromEntries(keys.map((key) => [key, { condition: "service_completed_successfully" }]));
}

/** Volumes under their names on the host. They belong to the platform, which made them with the stage's database. */
function renderVolumes(services: ComposeProject["services"]): NonNullable<ComposeProject["volumes"]> {
  const names = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.flatMap(({ type, source }) => (type === "volume" && source !== undefined ? [source] : [])),
  );
  return Object.fromEntries(names.map((name) => [name, { name, external: true }]));
}

/** Nothing is said of what is not there. */
function unlessEmpty<T extends object>(entries: T): T | undefined {
  return Object.keys(entries).length === 0 ? undefined : entries;
}

function united<T>(maps: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.fromEntries(maps.flatMap((map) => Object.entries(map)));
}
