import type { RegisteredResource } from "../../support/mocks.ts";
import { databaseStatements } from "./database-statements.ts";
import {
  type Recorded,
  type RecordedContainer,
  type RecordedNetwork,
  recordedOf,
} from "./recorded-inputs.ts";

/** A compose project: the document and the files that it mounts, by their path beside it. */
export interface ComposeProject {
  readonly document: object;
  readonly files: ReadonlyMap<string, string>;
}

/** Where the official image of PostgreSQL looks for what it runs on an empty volume. */
const INIT_SCRIPT = "/docker-entrypoint-initdb.d/databases.sql";

/**
 * Everything that the program makes on the host, for compose: the same containers from the same inputs. What the
 * program makes in PostgreSQL is an init script of the server.
 */
export function renderPlatform(resources: readonly RegisteredResource[]): ComposeProject {
  const containers = recordedOf(resources, "docker:index/container:Container");
  const statements = databaseStatements(resources);
  const files = new Map<string, string>();
  const services = containers.map(({ urn, options, inputs }) => {
    const uploads = isDatabaseServer(inputs, resources)
      ? [...inputs.uploads, { file: INIT_SCRIPT, content: statements.join("\n") }]
      : inputs.uploads;
    const mounted = uploads.map(({ file, content }) => mountFile(files, inputs.name, file, content));
    return [
      inputs.name,
      { ...renderService(inputs, mounted), depends_on: dependenciesOf({ urn, options, inputs }, resources) },
    ] as const;
  });
  const networks = recordedOf(resources, "docker:index/network:Network").map(({ inputs }) => inputs);
  const volumes = recordedOf(resources, "docker:index/volume:Volume").map(({ inputs }) => inputs);
  return {
    document: escaped({
      services: Object.fromEntries(services),
      networks: Object.fromEntries(networks.map((network) => [network.name, renderNetwork(network)])),
      volumes: Object.fromEntries(
        volumes.map(({ name, labels }) => [name, { name, labels: labelLines(labels) }]),
      ),
    }),
    files,
  };
}

/** The containers of one stage alone, on a platform that runs. */
export function renderStage(resources: readonly RegisteredResource[], stage: number): ComposeProject {
  const containers = recordedOf(resources, "docker:index/container:Container")
    .map(({ inputs }) => inputs)
    .filter(({ labels }) => labels.some(({ label, value }) => label === "stage" && value === String(stage)));
  const networks = new Set(
    containers.flatMap((container) => container.networksAdvanced.map(({ name }) => name)),
  );
  return {
    document: escaped({
      services: Object.fromEntries(
        containers.map((container) => [container.name, renderService(container, [])]),
      ),
      networks: Object.fromEntries([...networks].map((name) => [name, { name, external: true }])),
    }),
    files: new Map(),
  };
}

function renderService(container: RecordedContainer, mountedFiles: readonly string[]): object {
  return {
    container_name: container.name,
    image: container.image,
    // Whoever measures has the images; a pull would measure the registry.
    pull_policy: "never",
    command: container.command,
    entrypoint: container.entrypoints,
    user: container.user,
    read_only: container.readOnly,
    tmpfs: Object.entries(container.tmpfs ?? {}).map(([path, options]) => `${path}:${options}`),
    hostname: container.hostname,
    working_dir: container.workingDir,
    environment: container.envs,
    labels: labelLines(container.labels),
    networks: Object.fromEntries(
      container.networksAdvanced.map(({ name, aliases }) => [name, { aliases: aliases ?? [] }]),
    ),
    ports: container.ports.map(({ internal, external, ip }) => `${ip}:${external}:${internal}`),
    volumes: [...container.volumes.map(mountLine), ...mountedFiles],
    healthcheck: renderHealthcheck(container.healthcheck),
    cpus: Number(container.cpus),
    mem_limit: `${container.memory}m`,
    memswap_limit: `${container.memorySwap}m`,
    mem_reservation:
      container.memoryReservation === undefined ? undefined : `${container.memoryReservation}m`,
    shm_size: container.shmSize === undefined ? undefined : `${container.shmSize}m`,
    init: container.init,
    restart: container.restart,
    stop_grace_period: `${container.destroyGraceSeconds}s`,
    cap_drop: container.capabilities.drops,
    cap_add: container.capabilities.adds,
    security_opt: container.securityOpts,
    logging: { driver: container.logDriver, options: container.logOpts },
  };
}

function renderHealthcheck(healthcheck: RecordedContainer["healthcheck"]): object | undefined {
  if (healthcheck === undefined) return undefined;
  const { tests, interval, timeout, retries, startPeriod } = healthcheck;
  return { test: tests, interval, timeout, retries, start_period: startPeriod };
}

function renderNetwork({ name, driver, internal, labels }: RecordedNetwork): object {
  return { name, driver, internal, labels: labelLines(labels) };
}

/** Compose keeps its own labels for itself and refuses others under their names. */
function labelLines(labels: RecordedContainer["labels"]): string[] {
  return labels
    .filter(({ label }) => !label.startsWith("com.docker.compose."))
    .map(({ label, value }) => `${label}=${value}`);
}

function mountLine(volume: RecordedContainer["volumes"][number]): string {
  const source = volume.volumeName ?? volume.hostPath ?? "";
  return `${source}:${volume.containerPath}:${volume.readOnly ? "ro" : "rw"}`;
}

/** The provider copies a file into the container; compose, which cannot, mounts it. */
function mountFile(files: Map<string, string>, container: string, target: string, content: string): string {
  const path = `files/${container}${target}`;
  files.set(path, content);
  return `./${path}:${target}:ro`;
}

/** Roles and databases live in the server whose volume they go down with. */
function isDatabaseServer(container: RecordedContainer, resources: readonly RegisteredResource[]): boolean {
  const volumes = volumesOfDatabases(resources);
  return container.volumes.some(({ volumeName }) => volumeName !== undefined && volumes.has(volumeName));
}

function volumesOfDatabases(resources: readonly RegisteredResource[]): ReadonlySet<string> {
  const owners = new Set(resources.flatMap(({ options }) => options.deletedWith ?? []));
  return new Set(
    recordedOf(resources, "docker:index/volume:Volume")
      .filter(({ urn }) => owners.has(urn))
      .map(({ inputs }) => inputs.name),
  );
}

/** The containers that a container waits for: those it depends on, and the server of a database it depends on. */
function dependenciesOf(
  { options }: Recorded<RecordedContainer>,
  resources: readonly RegisteredResource[],
): Record<string, { readonly condition: string }> {
  const dependencies = new Set(options.dependencies);
  const needsDatabase = resources.some(
    ({ urn, options: { deletedWith } }) => deletedWith !== undefined && dependencies.has(urn),
  );
  const producers = recordedOf(resources, "docker:index/container:Container").filter(
    ({ urn, inputs }) => dependencies.has(urn) || (needsDatabase && isDatabaseServer(inputs, resources)),
  );
  return Object.fromEntries(
    producers.map(({ inputs: { name, healthcheck } }) => [
      name,
      { condition: healthcheck === undefined ? "service_started" : "service_healthy" },
    ]),
  );
}

/** Compose reads `$` as the beginning of a variable, everywhere. What is not set is left out. */
function escaped(value: object): object {
  return JSON.parse(JSON.stringify(value).replaceAll("$", "$$$$")) as object;
}
