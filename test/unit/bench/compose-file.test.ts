import { beforeAll, describe, expect, it } from "vitest";
import { type ComposeProject, renderPlatform, renderStage } from "../../bench/compose/compose-file.ts";
import { recordedOf } from "../../bench/compose/recorded-inputs.ts";
import { recordDeployment, withStage } from "../../bench/recorded-deployment.ts";
import type { RegisteredResource } from "../../support/mocks.ts";

interface Service {
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly [key: string]: unknown;
}

interface Document {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

const VALUES = { stages: { cleaning: {}, nlp: {} }, grafana: { enabled: false }, limitScale: 0.25 };

let resources: readonly RegisteredResource[];
let project: ComposeProject;
let document: Document;

beforeAll(async () => {
  resources = await recordDeployment(VALUES);
  project = renderPlatform(resources);
  document = project.document as Document;
}, 30_000);

function service(name: string): Service {
  const found = document.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

describe("the compose file of the platform", () => {
  it("has a service for every container of the program, and no other", () => {
    const names = recordedOf(resources, "docker:index/container:Container").map(({ inputs }) => inputs.name);
    expect(Object.keys(document.services).sort()).toEqual(names.sort());
    expect(names).toHaveLength(19);
  });

  it("has every network and volume of the program, under its own name", () => {
    expect(document.networks).toMatchObject({
      storytelling: { name: "storytelling", internal: false },
      "storytelling-ops": { name: "storytelling-ops", internal: true },
      "observability-storytelling": { name: "observability-storytelling", internal: false },
    });
    expect(Object.keys(document.volumes ?? {}).sort()).toEqual([
      "storytelling-loki-data",
      "storytelling-postgres-data",
      "storytelling-prometheus-data",
      "storytelling-redis-broker-data",
      "storytelling-redis-cache-data",
      "storytelling-telemetry-data",
      "storytelling-tempo-data",
    ]);
  });

  it("runs a container under the same image, limits, probe and rights as the program does", () => {
    expect(service("storytelling-redis-broker")).toMatchObject({
      image: "redis:8.0.2",
      command: expect.arrayContaining(["redis-server"]),
      read_only: true,
      tmpfs: ["/usr/local/etc/redis:rw,noexec,nosuid,nodev,mode=1777,size=1m"],
      user: "redis",
      cpus: 0.5,
      mem_limit: "512m",
      memswap_limit: "512m",
      healthcheck: {
        test: ["CMD", "redis-cli", "-e", "ping"],
        interval: "10s",
        timeout: "5s",
        retries: 5,
        start_period: "30s",
      },
      networks: { storytelling: { aliases: ["redis-broker"] } },
      init: true,
      restart: "unless-stopped",
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      stop_grace_period: "30s",
      pull_policy: "never",
    });
  });

  it("gives a stage its whole environment, with the password that its database has", () => {
    const environment = service("cleaning-orchestrator")["environment"] as string[];
    const password = environment.find((entry) => entry.startsWith("POSTGRES_PASSWORD="))?.split("=")[1];
    expect(password).toMatch(/^\w{32}$/);
    expect(environment).toContain("CELERY_BROKER_URL=redis://redis-broker:6379/0");
    expect(
      project.files.get("files/storytelling-postgres/docker-entrypoint-initdb.d/databases.sql"),
    ).toContain(`CREATE ROLE "stage1_user" LOGIN PASSWORD '${password}' CONNECTION LIMIT 40;`);
  });

  it("makes every role and database when the server starts for the first time", () => {
    const script = project.files.get("files/storytelling-postgres/docker-entrypoint-initdb.d/databases.sql");
    const statements = script?.split("\n").map((line) => line.split(" ").slice(0, 3).join(" ")) ?? [];
    const roles = statements.filter((statement) => statement.startsWith("CREATE ROLE"));
    expect(statements.slice(0, 5)).toEqual([
      ...roles,
      'CREATE DATABASE "stage1_cleaning"',
      'CREATE DATABASE "stage2_nlp"',
    ]);
    expect(roles.toSorted()).toEqual([
      'CREATE ROLE "stage1_user"',
      'CREATE ROLE "stage2_reads_stage1"',
      'CREATE ROLE "stage2_user"',
    ]);
  });

  it("closes every database, and opens the one of stage 1 to its reader", () => {
    const script = project.files.get("files/storytelling-postgres/docker-entrypoint-initdb.d/databases.sql");
    const lines = script?.split("\n") ?? [];
    expect(lines).toContain('REVOKE ALL ON DATABASE "stage1_cleaning" FROM PUBLIC;');
    expect(lines).toContain('GRANT CONNECT ON DATABASE "stage1_cleaning" TO "stage2_reads_stage1";');
    const reading = 'GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "stage2_reads_stage1";';
    expect(lines[lines.indexOf(reading) - 1]).toBe('\\connect "stage1_cleaning"');
    expect(lines).toContain(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "stage1_user" IN SCHEMA "public" GRANT SELECT ON TABLES TO "stage2_reads_stage1";',
    );
  });

  it("mounts each uploaded file where the program puts it", () => {
    expect(service("storytelling-loki")["volumes"]).toContain(
      "./files/storytelling-loki/etc/loki/config.yaml:/etc/loki/config.yaml:ro",
    );
    expect(project.files.get("files/storytelling-loki/etc/loki/config.yaml")).toContain("schema_config:");
  });

  it("waits for what the program waits for: a stage for the stores, discovery for the Docker API", () => {
    const healthy = { condition: "service_healthy" };
    expect(service("cleaning-orchestrator").depends_on).toEqual({
      "storytelling-redis-broker": healthy,
      "storytelling-redis-cache": healthy,
      "storytelling-postgres": healthy,
    });
    expect(service("storytelling-traefik").depends_on).toEqual({ "storytelling-docker-api": healthy });
    expect(service("storytelling-redis-broker").depends_on).toEqual({});
  });

  it("keeps the labels of discovery and of the owner, and none that compose keeps for itself", () => {
    const labels = service("cleaning-orchestrator")["labels"] as string[];
    expect(labels).toContain("storytelling.stack=bench");
    expect(labels).toContain("stage=1");
    expect(labels.filter((label) => label.startsWith("com.docker.compose."))).toEqual([]);
  });

  it("leaves no dollar sign that compose would take for a variable", () => {
    const commands = recordedOf(resources, "docker:index/container:Container").map(({ inputs }) =>
      inputs.name === "storytelling-redis-broker" ? { ...inputs, command: ["echo", "$HOME"] } : inputs,
    );
    const changed = resources.map((resource) => ({
      ...resource,
      inputs: commands.find(({ name }) => name === resource.inputs["name"]) ?? resource.inputs,
    })) as unknown as RegisteredResource[];
    const { services } = renderPlatform(changed).document as Document;
    expect(services["storytelling-redis-broker"]?.["command"]).toEqual(["echo", "$$HOME"]);
  });
});

describe("the compose file of one stage", () => {
  it("has the stage's containers alone, on the network of the platform", async () => {
    const more = await recordDeployment(withStage(VALUES, "embeddings"));
    const { services, networks } = renderStage(more, 3).document as Document;
    expect(Object.keys(services).sort()).toEqual(["embeddings-celery-worker", "embeddings-orchestrator"]);
    expect(networks).toEqual({ storytelling: { name: "storytelling", external: true } });
    expect(services["embeddings-orchestrator"]).not.toHaveProperty("depends_on");
  }, 30_000);
});
