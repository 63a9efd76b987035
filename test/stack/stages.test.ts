import { beforeAll, describe, expect, test } from "vitest";
import { usesStore } from "../../components/stage/names.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import { environmentOf, labelsOf } from "../support/labels.ts";
import type { RegisteredResource } from "../support/mocks.ts";
import { duplicateUrnsOf, orphansOf } from "../support/tree.ts";
import { hostName, ofType, type ProgramRun, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";
const ALL = Object.fromEntries(STAGE_CATALOG.map(({ name }) => [name, {}]));

let all: ProgramRun;
beforeAll(async () => {
  all = await runProgram({ config: { stages: ALL, limitScale: 0.25, host: { cpus: 2 } } });
});

function container(name: string): RegisteredResource {
  const found = ofType(all, CONTAINER).find((candidate) => hostName(candidate) === name);
  if (found === undefined) throw new Error(`the program asks for no container ${name}`);
  return found;
}

describe("all eight stages on one host of two CPUs", () => {
  test("run eighteen containers beside the platform's, with the sources' names", () => {
    const stages = ofType(all, CONTAINER).filter((resource) => "stage" in labelsOf(resource));

    expect(stages.map(hostName).sort()).toEqual([
      "api-orchestrator",
      "cleaning-celery-worker",
      "cleaning-orchestrator",
      "clustering-celery-worker",
      "clustering-orchestrator",
      "embeddings-celery-worker",
      "embeddings-orchestrator",
      "frontend-web",
      "graph-celery-worker",
      "graph-orchestrator",
      "nlp-celery-worker",
      "nlp-dp-service",
      "nlp-event-consumer",
      "nlp-event-llm-service",
      "nlp-ner-service",
      "nlp-orchestrator",
      "timeline-celery-worker",
      "timeline-orchestrator",
    ]);
  });

  test("hang together: no orphan and no URN twice", () => {
    expect(orphansOf(all.resources)).toEqual([]);
    expect(duplicateUrnsOf(all.resources)).toEqual([]);
  });

  test("have a database and an owner each, which nobody else may open (000-027, 000-028)", () => {
    const owners = STAGE_CATALOG.filter((stage) => usesStore(stage, "postgres"));
    expect(ofType(all, "postgresql:index/database:Database").map(({ inputs }) => inputs)).toMatchObject(
      owners.map(({ number, name }) => ({
        name: `stage${number}_${name}`,
        owner: `stage${number}_user`,
      })),
    );
    const closed = ofType(all, "postgresql:index/grant:Grant").filter(
      ({ inputs }) => inputs["role"] === "public",
    );
    expect(closed.map(({ inputs }) => inputs)).toEqual(
      owners.map(({ number, name }) => ({
        database: `stage${number}_${name}`,
        role: "public",
        objectType: "database",
        privileges: [],
      })),
    );
  });

  test("share neither a Redis database nor a PostgreSQL database", () => {
    const orchestrators = all.outputs.stages.map(({ orchestrator }) =>
      environmentOf(container(orchestrator)),
    );
    const databases = ["REDIS_DB", "REDIS_CACHE_DB", "POSTGRES_DB", "POSTGRES_USER"].flatMap((variable) =>
      orchestrators.map((environment) => `${variable}=${environment[variable]}`),
    );

    expect(new Set(databases).size).toBe(4 * 8);
  });

  test("are built from two images, the reference stage and the frontend, each made once", () => {
    const images = ofType(all, CONTAINER)
      .filter((resource) => "stage" in labelsOf(resource))
      .map(({ inputs }) => inputs["image"]);

    const made = ofType(all, "docker:index/remoteImage:RemoteImage").map(hostName);
    expect(new Set(images).size).toBe(2);
    for (const image of new Set(images)) expect(made.filter((name) => name === image)).toHaveLength(1);
  });

  test("start after the stores, their database and their image, and after nothing of another stage", () => {
    const resources = new Map(all.resources.map((resource) => [resource.urn, resource]));
    const waitsFor = container("graph-orchestrator").options.dependencies.map(
      (urn) => resources.get(urn)?.name ?? urn,
    );

    expect(waitsFor).toEqual(
      expect.arrayContaining(["redis-broker-server", "redis-cache-server", "reference-stage-image"]),
    );
    expect(waitsFor.filter((name) => /^stage[^5]/.test(name))).toEqual([]);
  });

  test("stay below the connections that PostgreSQL accepts (000-098)", () => {
    const roles = ofType(all, "postgresql:index/role:Role").map(({ inputs }) =>
      Number(inputs["connectionLimit"]),
    );
    const command = container("storytelling-postgres").inputs["command"] as string[];
    const maxConnections = Number(
      command.find((argument) => argument.startsWith("max_connections="))?.split("=")[1],
    );

    expect(roles.reduce((sum, limit) => sum + limit, 0)).toBeLessThan(maxConnections);
  });
});

describe("the gateway finds each stage by its labels", () => {
  test("as the sources' example of stage 1 (000-070 to 000-081, 000-110)", () => {
    expect(labelsOf(container("cleaning-orchestrator"))).toMatchObject({
      "traefik.enable": "true",
      "traefik.http.routers.stage1-cleaning.rule": "PathPrefix(`/api/v1/cleaning`)",
      "traefik.http.routers.stage1-cleaning.priority": "100",
      "traefik.http.routers.stage1-cleaning.middlewares": "rate-limit@file,request-id@file,strip-stage1",
      "traefik.http.routers.stage1-cleaning.service": "stage1-cleaning",
      "traefik.http.middlewares.strip-stage1.stripprefix.prefixes": "/api/v1/cleaning",
      "traefik.http.services.stage1-cleaning.loadbalancer.server.port": "8000",
      "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.path": "/health",
      "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.interval": "10s",
      "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.timeout": "5s",
    });
  });

  test("as the public exception of stage 7 (000-114 to 000-117, 000-211)", () => {
    expect(labelsOf(container("api-orchestrator"))).toMatchObject({
      stage: "7",
      service: "api",
      "traefik.http.routers.stage7-api.rule": "PathPrefix(`/api/v1/public`)",
      "traefik.http.routers.stage7-api.middlewares": "rate-limit-public@file,request-id@file,strip-stage7",
      "traefik.http.middlewares.strip-stage7.stripprefix.prefixes": "/api/v1/public",
    });
  });

  test("and no worker or internal service (000-151)", () => {
    const routed = ofType(all, CONTAINER).filter((resource) => {
      const labels = labelsOf(resource);
      return "stage" in labels && labels["traefik.enable"] === "true";
    });

    expect(routed.map(hostName).sort()).toEqual(
      all.outputs.stages.map(({ orchestrator }) => orchestrator).sort(),
    );
  });
});

describe("Prometheus finds each orchestrator by its labels (000-084)", () => {
  const withMetrics = STAGE_CATALOG.filter(({ name }) => name !== "frontend");

  test.each(withMetrics.map(({ number, name }) => [number, name] as const))(
    "stage %i, %s, as a job of its own",
    (number, name) => {
      expect(labelsOf(container(`${name}-orchestrator`))).toMatchObject({
        "storytelling.metrics.job": `stage${number}-${name}`,
        "storytelling.metrics.port": "8000",
        "storytelling.metrics.path": "/metrics",
      });
    },
  );
});

describe("the stack's outputs", () => {
  test("have one row for each container that runs", () => {
    expect(all.outputs.services.map((row) => row.container).sort()).toEqual(
      ofType(all, CONTAINER).map(hostName).sort(),
    );
  });

  test("list every stage with its address", () => {
    expect(all.outputs.stages.map(({ project, healthUrl }) => `${project} ${healthUrl}`)).toEqual([
      "stage1-cleaning http://localhost/api/v1/cleaning/health",
      "stage2-nlp http://localhost/api/v1/nlp/health",
      "stage3-embeddings http://localhost/api/v1/embeddings/health",
      "stage4-clustering http://localhost/api/v1/clustering/health",
      "stage5-graph http://localhost/api/v1/graph/health",
      "stage6-timeline http://localhost/api/v1/timeline/health",
      "stage7-api http://localhost/api/v1/public/health",
      "stage8-frontend http://localhost/app/health",
    ]);
  });

  test("tell the ports of the host", () => {
    expect(all.outputs.hostPorts).toEqual({
      gateway: 80,
      gatewayTls: 443,
      grafana: 3000,
      prometheus: 9090,
      postgres: 5432,
    });
  });
});

describe("the configuration of a deployment", () => {
  test("reaches the containers: log levels, images and the base of what is built", async () => {
    const run = await runProgram({
      config: {
        logLevel: "WARNING",
        stages: { cleaning: { image: "team/cleaning:2.0" }, nlp: { logLevel: "DEBUG" } },
        images: { redis: "mirror.example.com/redis:8.0.3", debian: "mirror.example.com/debian:12" },
      },
    });
    const inputsOf = (name: string) =>
      ofType(run, CONTAINER).find((candidate) => hostName(candidate) === name)?.inputs ?? {};
    const [image] = ofType(run, "docker:index/remoteImage:RemoteImage");

    expect(inputsOf("storytelling-redis-broker")["image"]).toBe("mirror.example.com/redis:8.0.3");
    expect(inputsOf("cleaning-orchestrator")["image"]).toBe("team/cleaning:2.0");
    expect(inputsOf("cleaning-celery-worker")["envs"]).toContain("LOG_LEVEL=WARNING");
    expect(inputsOf("nlp-orchestrator")["envs"]).toContain("LOG_LEVEL=DEBUG");
    expect(image?.inputs["build"]).toMatchObject({
      buildArgs: { BASE_IMAGE: "mirror.example.com/debian:12" },
    });
  });
});
