import { describe, expect, test } from "vitest";
import type { ComposeProject } from "../../../../cli/compose/project.ts";
import { readProject } from "../../../../cli/compose/read.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { catalogStage, exported, FULL_STAGE, serviceOf } from "../../../support/compose.ts";

async function project(stage: StageDefinition): Promise<ComposeProject> {
  return readProject(await exported(stage), "export");
}

describe("an exported stage", () => {
  test("is the file that was reviewed", async () => {
    await expect(await exported(catalogStage("nlp"))).toMatchFileSnapshot(
      "../../../golden/stage2.docker-compose.yml",
    );
  });

  test("has every fact of the sources' example of stage 3 (000-111, 000-112)", async () => {
    const { services, networks } = await project(catalogStage("embeddings"));
    const entry = services["orchestrator-service"];
    const worker = services["celery-worker"];

    expect(networks).toEqual({ storytelling: { name: "storytelling", external: true } });
    expect(entry?.container_name).toBe("embeddings-orchestrator");
    expect(entry?.networks).toEqual({ storytelling: {} });
    expect(entry?.environment).toMatchObject({
      REDIS_DB: "4",
      REDIS_CACHE_DB: "5",
      POSTGRES_DB: "stage3_embeddings",
      POSTGRES_USER: "stage3_user",
      CELERY_BROKER_URL: "redis://redis-broker:6379/4",
      CELERY_RESULT_BACKEND: "redis://redis-cache:6379/5",
      OTEL_SERVICE_NAME: "stage3-embeddings-orchestrator",
    });
    expect(entry?.labels).toMatchObject({ stage: "3", service: "orchestrator" });
    expect(worker?.deploy?.resources?.limits).toEqual({ cpus: "4", memory: "8G" });
    expect(worker?.labels).toMatchObject({ stage: "3", service: "celery-worker" });
    for (const service of Object.values(services)) expect(service).not.toHaveProperty("ports");
  });

  test("has the service key api-service and the container api-orchestrator for stage 7 (000-114)", async () => {
    expect(serviceOf(await project(catalogStage("api")), "api-service").container_name).toBe(
      "api-orchestrator",
    );
  });

  test.each(STAGE_CATALOG.map((stage) => [stage.name, stage] as const))(
    "has no secret, no label of an owner and none of Compose's own in %s (C-20)",
    async (_, stage) => {
      const text = await exported(stage);

      expect(text).not.toMatch(/PASSWORD: (?!\$\{[A-Z0-9_]+:\?)/);
      expect(text).not.toMatch(/com\.docker\.|storytelling\.(project|stack|resource|spec)/);
    },
  );

  test("names several containers alike with numbers, and describes them once (C-17)", async () => {
    const text = await exported(FULL_STAGE);

    expect(text.match(/service: model-service-1$/gm)).toHaveLength(2);
    const { services } = await project(FULL_STAGE);
    expect(["1", "2", "3"].map((n) => services[`model-service-${n}`]?.container_name)).toEqual([
      "embeddings-model-service-1",
      "embeddings-model-service-2",
      "embeddings-model-service-3",
    ]);
  });

  test("runs the jobs one after the other and everything else after them", async () => {
    const { services } = await project(FULL_STAGE);
    const after = (key: string) => Object.entries(services[key]?.depends_on ?? {});
    const ended = { condition: "service_completed_successfully" };

    expect(after("migrate")).toEqual([]);
    expect(after("seed")).toEqual([["migrate", ended]]);
    expect(after("celery-worker")).toEqual([
      ["migrate", ended],
      ["seed", ended],
    ]);
    expect(services["migrate"]).toMatchObject({ restart: "no", healthcheck: { disable: true } });
  });

  test("asks for devices, shared memory, a user and a restart policy", async () => {
    expect(serviceOf(await project(FULL_STAGE), "model-service-1")).toMatchObject({
      deploy: {
        resources: {
          reservations: { devices: [{ driver: "nvidia", count: 1, capabilities: ["gpu"] }] },
        },
      },
      shm_size: "1G",
      user: "1000:1000",
      restart: "on-failure",
    });
  });

  test("has the volumes of the platform, its own and those that it reads", async () => {
    const rendered = await project(FULL_STAGE);

    expect(rendered.volumes).toEqual({
      "storytelling-stage1-shared": { name: "storytelling-stage1-shared", external: true },
      "storytelling-stage3-models": { name: "storytelling-stage3-models", external: true },
      "storytelling-stage3-shared": { name: "storytelling-stage3-shared", external: true },
    });
    expect(serviceOf(rendered, "celery-worker").volumes).toContainEqual(
      expect.objectContaining({
        source: "storytelling-stage1-shared",
        target: "/shared/stage1",
        read_only: true,
      }),
    );
  });

  test("doubles every dollar that is none of a variable", async () => {
    const text = await exported(FULL_STAGE);

    expect(text).toContain("echo $$HOME");
    expect(text).toContain("price: 5 $$");
  });

  test("fills secrets from variables, in the environment, in URLs and in files", async () => {
    const rendered = await project(FULL_STAGE);
    const { environment = {}, secrets } = serviceOf(rendered, "model-service-1");

    expect(environment["OPENAI_API_KEY"]).toBe("${OPENAI_API_KEY:?set it in .env}");
    expect(environment["STAGE1_POSTGRES_PASSWORD"]).toBe("${STAGE1_POSTGRES_PASSWORD:?set it in .env}");
    expect(environment["DATABASE_URL"]).toBe(
      "postgresql://stage3_user:${STAGE3_POSTGRES_PASSWORD_URLENCODED:-${STAGE3_POSTGRES_PASSWORD}}@postgres:5432/stage3_embeddings",
    );
    expect(environment["API_KEY_FILE"]).toBe("/run/secrets/api_key");
    expect(secrets).toEqual([{ source: "STAGE3_API_KEY", target: "/run/secrets/api_key" }]);
    expect(rendered.secrets).toEqual({ STAGE3_API_KEY: { environment: "STAGE3_API_KEY" } });
  });

  test("has what the log collector and the gateway need to find the containers", async () => {
    const { logging, labels } = serviceOf(await project(catalogStage("embeddings")), "orchestrator-service");

    expect(logging).toEqual({
      driver: "json-file",
      options: { "max-size": "10m", "max-file": "3", labels: "stage,service", tag: "{{.Name}}" },
    });
    expect(labels).toMatchObject({
      "storytelling.gateway": "storytelling",
      "traefik.http.routers.stage3-embeddings.rule": "PathPrefix(`/api/v1/embeddings`)",
      "storytelling.metrics.job": "stage3-embeddings",
    });
  });
});
