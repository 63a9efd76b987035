import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { importStage } from "../../../../cli/compose/import-stage.ts";
import { EXTENSION } from "../../../../cli/compose/project.ts";
import { overlay, readProject } from "../../../../cli/compose/read.ts";
import { toYaml } from "../../../../components/core/yaml.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { catalogStage, exported, FULL_STAGE, imported, withLimits } from "../../../support/compose.ts";
import { definitions } from "../../../support/definitions.ts";

/** A stage as the sources' template has it (000 lines 63 to 205), for stage 3, with what teams add. */
const FOREIGN = `
version: '3.9'
networks:
  storytelling:
    external: true
services:
  orchestrator-service:
    container_name: embeddings-orchestrator
    image: team/embeddings:1.4
    networks:
      - storytelling
    environment:
      - REDIS_HOST=redis-broker
      - REDIS_DB=4
      - POSTGRES_DB=stage3_embeddings
      - POSTGRES_USER=stage3_user
      - POSTGRES_PASSWORD=\${STAGE3_POSTGRES_PASSWORD:-stage3_secure_password}
      - CELERY_BROKER_URL=redis://redis-broker:6379/4
      - OTEL_SERVICE_NAME=stage3-embeddings-orchestrator
      - MODEL_NAME=\${MODEL_NAME:-all-MiniLM}
    labels:
      - "stage=3"
      - "service=orchestrator"
      - "com.docker.compose.project=stage3-embeddings"
    ports: []
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/health"]
      interval: 10s
      timeout: 5s
      retries: 3
      start_period: 30s
  celery-worker:
    image: team/embeddings:1.4
    command: celery -A embeddings worker -Q "slow lane,fast"
    networks:
      - storytelling
    environment:
      - REDIS_HOST=redis-broker
      - MODEL_NAME=\${MODEL_NAME:-all-MiniLM}
    labels:
      - "stage=3"
      - "service=celery-worker"
    deploy:
      resources:
        limits:
          cpus: '4'
          memory: 8G
        reservations:
          memory: 4G
`;

/** The same file with other keys in the orchestrator. */
function withKeys(keys: object): string {
  const file = parse(FOREIGN) as { services: Record<string, object> };
  const entry = { ...file.services["orchestrator-service"], ...keys };
  return toYaml({ ...file, services: { ...file.services, "orchestrator-service": entry } });
}

/** A file without what it declares beside its containers. */
function containersIn(text: string): object {
  const { services, ...project } = readProject(text, "export");
  const containers = Object.entries(services).map(
    ([key, service]) => [key, { ...service, [EXTENSION]: undefined }] as const,
  );
  return { ...project, services: Object.fromEntries(containers) };
}

async function keysOf(text: string): Promise<string[]> {
  const { leftovers } = await imported(text);
  return leftovers.map(({ key }) => key.replace("services.orchestrator-service.", ""));
}

describe("the import of an export", () => {
  test.each(STAGE_CATALOG.map((stage) => [stage.name, stage] as const))(
    "gives back the definition of %s and leaves nothing over",
    async (_, stage) => {
      const { definition, leftovers } = await imported(await exported(stage));

      expect(leftovers).toEqual([]);
      expect(withLimits(definition)).toEqual(withLimits(stage));
    },
    30_000,
  );

  test("gives back a definition with everything that Compose has a word for", async () => {
    const { definition, leftovers } = await imported(await exported(FULL_STAGE));

    expect(leftovers).toEqual([]);
    expect(withLimits(definition)).toEqual(withLimits(FULL_STAGE));
  });

  test("of any definition comes to the same containers again and leaves nothing over", async () => {
    await fc.assert(
      fc.asyncProperty(definitions(), async (stage) => {
        const text = await exported(stage, [stage]);
        const { definition, leftovers } = await imported(text, {}, [stage]);

        expect(leftovers).toEqual([]);
        expect(containersIn(await exported(definition, [definition]))).toEqual(containersIn(text));
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test("tells what somebody has changed in the file afterwards", async () => {
    const text = (await exported(catalogStage("cleaning")))
      .replace("LOG_LEVEL: INFO", "LOG_LEVEL: DEBUG")
      .replace("memory: 1G", "memory: 2G");
    const { definition, leftovers } = await imported(text);

    expect(definition.services["orchestrator"]?.limits?.memory).toBe("2 GB");
    expect(leftovers.map(({ key }) => key)).toContain("services.orchestrator-service.environment.LOG_LEVEL");
  });
});

describe("the import of a file in the sources' style", () => {
  test("gives the stage, without what is derived", async () => {
    const { definition, leftovers } = await imported(FOREIGN);

    expect(leftovers).toEqual([]);
    expect(definition).toEqual({
      number: 3,
      name: "embeddings",
      image: { reference: "team/embeddings:1.4" },
      environment: { MODEL_NAME: "all-MiniLM" },
      services: {
        orchestrator: { kind: "orchestrator" },
        "celery-worker": {
          kind: "worker",
          command: ["celery", "-A", "embeddings", "worker", "-Q", "slow lane,fast"],
          health: { kind: "none", reason: "the compose file has none" },
        },
      },
    });
  });

  test.each([
    ["ports", { ports: ["8001:8000"] }, "ports"],
    ["another network", { networks: ["storytelling", "other"] }, "networks.other"],
    [
      "a start after another service",
      { depends_on: { redis: { condition: "service_healthy" } } },
      "depends_on.redis",
    ],
    ["a folder of the host", { volumes: ["./models:/models"] }, "volumes./models"],
    ["a file with variables", { env_file: ".env.local" }, "env_file"],
    ["rights on the host", { privileged: true }, "privileged"],
    ["a label", { labels: { stage: "3", service: "orchestrator", team: "ml" } }, "labels.team"],
    ["a restart policy that is none of ours", { restart: "always" }, "restart"],
    ["a key that no definition has", { ulimits: { nofile: 1000 } }, "ulimits.nofile"],
    ["a start by profile", { profiles: ["debug"] }, "profiles"],
    [
      "an image's build settings",
      { build: { context: "../services/example", target: "slim" } },
      "build.target",
    ],
  ])("tells of %s, and of nothing else", async (_, keys, expected) => {
    expect(await keysOf(withKeys(keys))).toEqual([expected]);
  });

  test("takes the platform's stores out and tells it (000-185)", async () => {
    const stores = { redis: { profiles: ["disabled"] }, db: { image: "postgres:16" } };
    const file = parse(FOREIGN) as { services: Record<string, object> };
    const { definition, leftovers } = await imported(
      toYaml({ ...file, services: { ...file.services, ...stores } }),
    );

    expect(Object.keys(definition.services)).toEqual(["orchestrator", "celery-worker"]);
    expect(leftovers.map(({ key }) => key)).toEqual(["services.redis", "services.db"]);
  });

  test("makes secrets of values that look like some, and never shows them", async () => {
    const environment = {
      OPENAI_API_KEY: "sk-literal",
      EXTERNAL_DATABASE_URL: "mysql://user:literal-too@db.example/x",
      HUGGINGFACE_TOKEN: "${HUGGINGFACE_TOKEN}",
    };
    const result = await imported(withKeys({ environment }));

    expect(JSON.stringify(result)).not.toContain("literal");
    expect(result.definition.services["orchestrator"]?.secretEnvironment).toEqual({
      OPENAI_API_KEY: "OPENAI_API_KEY",
      EXTERNAL_DATABASE_URL: "EXTERNAL_DATABASE_URL",
      HUGGINGFACE_TOKEN: "HUGGINGFACE_TOKEN",
    });
    expect(result.leftovers.map(({ key }) => key)).toEqual([
      "services.orchestrator-service.environment.OPENAI_API_KEY",
      "services.orchestrator-service.environment.EXTERNAL_DATABASE_URL",
    ]);
    expect(result.leftovers[0]?.reason).toContain("npm run secret -- OPENAI_API_KEY");
  });

  test("leaves out localhost, variables without a value and what the platform injects otherwise", async () => {
    const environment = { MODEL_HOST: "localhost", REGION: "${REGION}", REDIS_DB: "7", POSTGRES_HOST: "db" };
    const { definition, leftovers } = await imported(withKeys({ environment }));

    expect(definition.services["orchestrator"]?.environment).toBeUndefined();
    expect(leftovers.map(({ key }) => key.split(".").at(-1))).toEqual([
      "MODEL_HOST",
      "REGION",
      "REDIS_DB",
      "POSTGRES_HOST",
    ]);
    expect(leftovers[2]?.reason).toContain('it is "4" here');
  });

  test("reads names, database, log level and neighbours that differ from the derived ones", async () => {
    const environment = {
      POSTGRES_DB: "vectors",
      OTEL_SERVICE_NAME: "embeddings",
      LOG_LEVEL: "DEBUG",
      STAGE1_POSTGRES_DB: "stage1_cleaning",
      NLP_SERVICE_URL: "http://nlp-orchestrator:8000",
      EVENT_STREAM: "stage1:cleaning:events",
    };
    const { definition } = await imported(withKeys({ environment, container_name: "vec-orchestrator" }));

    expect(definition).toMatchObject({
      containerPrefix: "vec",
      database: { database: "vectors" },
      logLevel: "DEBUG",
      reads: { databases: ["cleaning"] },
      calls: ["nlp"],
      subscribes: [{ from: "cleaning" }],
      services: { orchestrator: { telemetryName: "embeddings" } },
    });
  });

  test("takes a file that is laid over another one (C-18)", async () => {
    const base = `
services:
  orchestrator-service: { build: ., ports: ["8001:8000"] }
  celery-worker: { build: . }
  redis: { image: redis:7 }
`;
    const top = FOREIGN.replaceAll("    image: team/embeddings:1.4\n", "");
    const project = overlay(readProject(base, "base"), readProject(top, "top"));
    const { definition, leftovers } = await importStage({
      project,
      file: "top",
      given: {},
      toRepositoryPath: (path) => `services/embeddings/${path}`,
      peers: STAGE_CATALOG,
      defaultLogLevel: "INFO",
    });

    expect(definition.image).toEqual({ build: "services/embeddings/." });
    expect(leftovers.map(({ key }) => key)).toEqual([
      "services.redis",
      "services.orchestrator-service.ports",
    ]);
  });

  test("tells what is wrong with the definition, and leaves out what is derived all the same", async () => {
    const { definition, leftovers } = await imported(FOREIGN.replaceAll("team/embeddings:1.4", "embeddings"));

    expect(definition.services["orchestrator"]).toEqual({ kind: "orchestrator" });
    expect(leftovers.map(({ key }) => key)).toEqual(["stages.embeddings.image.reference"]);
  });

  test("fails when nothing tells the number, and takes the one that is given", async () => {
    const text = "services: { orchestrator-service: { image: a, container_name: x-orchestrator } }";

    await expect(imported(text)).rejects.toThrow(
      "compose.yml: nothing in it tells the number of the stage; give it with --number, a whole number from 1 to 8",
    );
    expect((await imported(text, { number: 4 })).definition).toMatchObject({ number: 4, name: "x" });
  });

  test("fails when nothing tells the entry, and lists the services", async () => {
    const text = "services: { one: { image: a }, two: { image: b } }";

    await expect(imported(text, { number: 4, name: "x" })).rejects.toThrow(
      /among one, two; call it orchestrator-service/,
    );
  });

  test.each([
    ["services: [", "compose.yml:1: is not valid YAML"],
    ["services: 5", "services: "],
    ["services: { a: { environment: 5 } }", "services.a.environment: "],
    ["services: { a: { extends: { file: other.yml, service: b } } }", 'services.a.extends: got "b"'],
  ])("fails for %j and shows no value", async (text, message) => {
    await expect(imported(text)).rejects.toThrow(message);
  });
});
