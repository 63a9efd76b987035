import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { IMAGES, type ImageName } from "../stacks/catalog/images.ts";
import { configSchema, type PlatformConfig } from "../stacks/config/schema.ts";
import { isSwitchedOff } from "../stacks/outputs.ts";
import { type LocalFacts, projectValues, withoutSecrets } from "./pulumi/stack-file.ts";
import type { Workspace } from "./pulumi/workspace.ts";
import { type DockerEngine, prepareDocker } from "./setup/docker-engine.ts";
import { ensureImages, type ImageOptions, type WantedImage } from "./setup/images.ts";

/** Images of the catalogue that can be built here under another name than their own. Grafana cannot be built. */
const BUILDABLE_AS: Readonly<Partial<Record<ImageName, WantedImage["offline"]>>> = {
  debian: "debian",
  haproxy: "haproxy",
  redis: "redis",
  postgres: "postgres",
  traefik: "traefik",
  prometheus: "prometheus",
  loki: "loki",
  tempo: "tempo",
  telemetry: "otel-collector",
};

/**
 * Gets the Docker Engine and every image that the committed configuration needs. Returns what of it the
 * configuration has to know: images that stand in for others, what cannot run, an old engine's version.
 */
export async function prepareHost(workspace: Workspace, options: ImageOptions): Promise<LocalFacts> {
  const engine = await prepareDocker();
  const config = await readCommittedConfig(workspace);
  // A wrong configuration is told by the program, with every key that is wrong.
  if (config === undefined) return {};
  const images = await ensureImages(wantedImages(config), undefined, options);
  return hostFacts(config, engine, images);
}

async function readCommittedConfig({
  committedStackFile,
  project,
}: Workspace): Promise<PlatformConfig | undefined> {
  const file = parse(await readFile(committedStackFile, "utf8")) as {
    readonly config?: Readonly<Record<string, unknown>>;
  };
  return configSchema.safeParse(projectValues(withoutSecrets(file?.config ?? {}), project)).data;
}

/** The images of a configuration. One that it chooses itself has nothing that could stand in for it. */
export function wantedImages(config: PlatformConfig): WantedImage[] {
  return (Object.keys(IMAGES) as ImageName[])
    .filter((name) => !isSwitchedOff(name, config))
    .map((name) => {
      const chosen = config.images[name];
      if (chosen !== undefined) return { name, official: chosen };
      if (name === "elasticsearch" || name === "neo4j")
        return { name, official: IMAGES[name], required: true };
      const offline = BUILDABLE_AS[name];
      return { name, official: IMAGES[name], ...(offline === undefined ? {} : { offline }) };
    });
}

/** What differs from the configuration's own values. */
export function hostFacts(
  config: PlatformConfig,
  { apiVersion }: Pick<DockerEngine, "apiVersion">,
  images: ReadonlyMap<string, string | undefined>,
): LocalFacts {
  const standIns = wantedImages(config).flatMap(({ name, official }) => {
    const reference = images.get(name);
    return reference === undefined || reference === official ? [] : [[name, reference] as const];
  });
  const isOlder = apiVersion.localeCompare(config.host.dockerApiVersion, "en", { numeric: true }) < 0;
  return {
    ...(standIns.length === 0 ? {} : { images: Object.fromEntries(standIns) }),
    ...(!isSwitchedOff("grafana", config) && images.get("grafana") === undefined
      ? { grafana: { enabled: false } }
      : {}),
    ...(isOlder ? { host: { dockerApiVersion: apiVersion } } : {}),
  };
}
