import type * as pulumi from "@pulumi/pulumi";
import { secret } from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { type ResolvedImage, Stage, type StageArgs } from "../../../../components/stage/stage.ts";
import { environmentOf, labelsOf } from "../../../support/labels.ts";
import { type Recorder, type RegisteredResource, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";
import { AWKWARD_PASSWORD, FakePlatform, FULL_STAGE, MINIMAL_STAGE, volume } from "./fixtures.ts";

const CONTAINER = "docker:index/container:Container";

let recorder: Recorder;
let platform: FakePlatform;
beforeEach(async () => {
  recorder = await startMocks();
  platform = new FakePlatform();
});
// What a test leaves running would register in the program of the next one.
afterEach(async () => {
  await recorder.settled();
});

function attach(definition: StageDefinition, args: Partial<StageArgs> = {}): Stage {
  return new Stage("stage4", {
    definition,
    peers: [definition],
    sharedFiles: new Map(),
    enabled: true,
    platform,
    secret: (name) => secret(`value of ${name}`),
    resolveImage: (image): ResolvedImage => ({
      reference: "reference" in image ? image.reference : image.build,
      ready: [],
    }),
    defaultLogLevel: "INFO",
    ...args,
  });
}

function container(service: string): Promise<RegisteredResource> {
  return recorder.resource(CONTAINER, `stage4-${service}`);
}

describe("Stage", () => {
  test("is one container for each service, below it", async () => {
    attach(FULL_STAGE);

    const own = (await recorder.settled()).filter(({ type }) => type !== "docker:index/volume:Volume");
    const [component, ...containers] = toTree(own);
    expect(component).toBe("storytelling:stage:Stage stage4");
    expect(containers.sort()).toEqual([
      `  ${CONTAINER} stage4-celery-worker`,
      `  ${CONTAINER} stage4-ner-service`,
      `  ${CONTAINER} stage4-orchestrator`,
    ]);
  });

  test("gives its containers the names of the sources, on the host and as host name (000-017, 000-150)", async () => {
    const stage = attach(FULL_STAGE);

    const names = ["topic-models-orchestrator", "topic-models-celery-worker", "topic-models-ner-service"];
    expect(stage.containers).toEqual(names);
    for (const [index, service] of Object.keys(FULL_STAGE.services).entries()) {
      expect((await container(service)).inputs).toMatchObject({ name: names[index], hostname: names[index] });
    }
  });

  test("joins the shared network only and publishes no port (000-018, 000-042)", async () => {
    attach(FULL_STAGE);

    for (const { inputs } of await recorder.ofType(CONTAINER)) {
      expect(inputs["networksAdvanced"]).toEqual([{ name: "storytelling", aliases: [] }]);
      expect(inputs["ports"]).toEqual([]);
    }
  });

  test("asks for its database with the names of the sources, for itself", async () => {
    const stage = attach(FULL_STAGE);

    expect(platform.requests).toEqual([
      {
        name: "stage4-database",
        request: {
          database: "stage4_topic_models",
          owner: "stage4_user",
          connectionLimit: 60,
          idleInTransactionSeconds: 600,
        },
        parent: stage,
      },
    ]);
  });

  test("hands a given password on, and keeps it secret in every container (C-12)", async () => {
    const databasePassword = secret("given-password");
    attach(FULL_STAGE, { databasePassword });

    expect(platform.requests[0]?.request.password).toBe(databasePassword);
    for (const registered of await recorder.ofType(CONTAINER)) {
      expect(environmentOf(registered)["POSTGRES_PASSWORD"]).toBe("given-password");
      expect(JSON.stringify(registered.redacted)).not.toContain("given-password");
    }
  });

  test("keeps a generated password secret in every container", async () => {
    attach(FULL_STAGE);

    for (const registered of await recorder.ofType(CONTAINER)) {
      expect(environmentOf(registered)["POSTGRES_PASSWORD"]).toBe(AWKWARD_PASSWORD);
      const readable = JSON.stringify(registered.redacted);
      expect(readable).not.toContain(AWKWARD_PASSWORD);
      expect(readable).not.toContain(encodeURIComponent(AWKWARD_PASSWORD));
    }
  });

  test("waits for network, both Redis servers, its database and its image, and for nothing else (000-195)", async () => {
    const image = volume("image");
    const resolveImage = (): ResolvedImage => ({ reference: "built:1", ready: [image] });
    attach(MINIMAL_STAGE, { resolveImage });

    const { inputs, options } = await container("orchestrator");
    const waitsFor = (await recorder.settled())
      .filter(({ urn }) => options.dependencies.includes(urn))
      .map(({ name }) => name);
    expect(inputs["image"]).toBe("built:1");
    expect(waitsFor.sort()).toEqual(["broker", "cache", "database", "image", "network"]);
    expect(options.dependencies).toContain(await valueOf((image as pulumi.CustomResource).urn));
  });

  test("takes the image of a service before the stage's", async () => {
    attach(FULL_STAGE);

    expect((await container("orchestrator")).inputs["image"]).toBe("example/stage:1.0");
    expect((await container("ner-service")).inputs["image"]).toBe("example/ner:2.0");
  });

  test("injects the environment of its number and name", async () => {
    attach(FULL_STAGE, { defaultLogLevel: "DEBUG" });

    expect(environmentOf(await container("celery-worker"))).toMatchObject({
      STAGE_NUMBER: "4",
      SERVICE: "celery-worker",
      REDIS_DB: "6",
      REDIS_CACHE_DB: "7",
      POSTGRES_DB: "stage4_topic_models",
      LOG_LEVEL: "DEBUG",
      NER_SERVICE_URL: "http://topic-models-ner-service:8001",
    });
  });

  test("names traces, logs and metrics of a service alike", async () => {
    attach(FULL_STAGE);

    for (const service of Object.keys(FULL_STAGE.services)) {
      const registered = await container(service);
      const { stage, service: label } = labelsOf(registered);
      expect(environmentOf(registered)).toMatchObject({
        SERVICE: label,
        OTEL_SERVICE_NAME: `stage4-topic-models-${service}`,
        OTEL_RESOURCE_ATTRIBUTES: `service.namespace=storytelling,stage=${stage},service=${service}`,
      });
    }
  });

  test("passes limits, command and the time to stop on", async () => {
    attach(FULL_STAGE);

    expect((await container("celery-worker")).inputs).toMatchObject({
      cpus: "4.0",
      memory: 8192,
      command: ["celery", "worker"],
      destroyGraceSeconds: 120,
    });
    expect((await container("orchestrator")).inputs).toMatchObject({
      memory: 1024,
      memoryReservation: 512,
      destroyGraceSeconds: 30,
    });
    expect((await container("orchestrator")).inputs).not.toHaveProperty("command");
  });
});

describe("the order of a stage's containers", () => {
  const migration = { kind: "job", command: ["migrate"] } as const;
  const withJob = { ...MINIMAL_STAGE, services: { ...MINIMAL_STAGE.services, migration } };

  test("is jobs first: what runs waits for them, and they for the database", async () => {
    attach(withJob);

    const [job, orchestrator] = await Promise.all([container("migration"), container("orchestrator")]);
    expect(job.inputs).toMatchObject({ attach: true, mustRun: false, restart: "no" });
    expect(job.inputs).not.toHaveProperty("healthcheck");
    expect(orchestrator.options.dependencies).toContain(job.urn);
    expect(job.options.dependencies).not.toContain(orchestrator.urn);
    const database = await recorder.resource("docker:index/volume:Volume", "database");
    expect(job.options.dependencies).toContain(database.urn);
  });

  test("is after the entries of the stages that it calls, which a job does not wait for (004-027)", async () => {
    const entry = volume("entry of another stage");
    attach(withJob, { called: [entry] });

    const urn = await valueOf((entry as pulumi.CustomResource).urn);
    expect((await container("orchestrator")).options.dependencies).toContain(urn);
    expect((await container("migration")).options.dependencies).not.toContain(urn);
  });

  test("offers callers the containers of the entry, and none while the stage is off", () => {
    const stage = {
      ...FULL_STAGE,
      services: { ...FULL_STAGE.services, orchestrator: { kind: "orchestrator", replicas: 2 } },
    } as const;

    expect(attach(stage).entry).toHaveLength(2);
  });
});

describe("a stage that is switched off", () => {
  test("keeps its database and runs nothing, so that switching it on again loses nothing", async () => {
    const stage = attach(FULL_STAGE, { enabled: false });

    expect(await recorder.ofType(CONTAINER)).toEqual([]);
    expect([stage.containers, stage.entry]).toEqual([[], []]);
    expect(platform.requests).toMatchObject([
      { request: { database: "stage4_topic_models", owner: "stage4_user" } },
    ]);
    expect([platform.routes, platform.targets]).toEqual([[], []]);
  });
});

describe("the labels of a stage", () => {
  test("are stage, service and project on every container (000-039 to 000-041, 000-053)", async () => {
    attach(FULL_STAGE);

    for (const service of Object.keys(FULL_STAGE.services)) {
      expect(labelsOf(await container(service))).toMatchObject({
        stage: "4",
        service,
        "com.docker.compose.project": "stage4-topic-models",
      });
    }
  });

  test("lead the gateway to the orchestrator only", async () => {
    attach(FULL_STAGE);

    expect(labelsOf(await container("orchestrator"))).toMatchObject({ "fake.route": "stage4-topic-models" });
    expect(labelsOf(await container("celery-worker"))).not.toHaveProperty("fake.route");
    expect(labelsOf(await container("ner-service"))).not.toHaveProperty("fake.route");
  });

  test("describe the route of the sources (000-070 to 000-081)", () => {
    attach(FULL_STAGE);

    expect(platform.routes).toEqual([
      {
        name: "stage4-topic-models",
        prefix: "/api/v1/topic-models",
        match: "letters",
        strip: { name: "strip-stage4", prefix: "/api/v1/topic-models" },
        priority: 100,
        rateLimit: "rate-limit",
        port: 8000,
        health: { path: "/health", interval: "10s", timeout: "5s" },
      },
    ]);
  });

  test("describe the route that a definition gives", () => {
    attach({
      ...MINIMAL_STAGE,
      route: { prefix: "/api/v1/public", priority: 5, rateLimit: "rate-limit-public", healthPath: "/ready" },
      services: { api: { ...MINIMAL_STAGE.services.orchestrator, port: 9000 } },
    });

    expect(platform.routes).toMatchObject([
      {
        name: "stage4-topic-models",
        prefix: "/api/v1/public",
        priority: 5,
        rateLimit: "rate-limit-public",
        port: 9000,
        health: { path: "/ready" },
      },
    ]);
  });

  test("declare metrics where there are some: the orchestrator's port, and what a service names (C-23)", async () => {
    attach(FULL_STAGE);

    expect(platform.targets).toEqual([
      { job: "stage4-topic-models", port: 8000, path: "/metrics" },
      { job: "stage4-topic-models", port: 9100, path: "/worker-metrics" },
    ]);
    expect(labelsOf(await container("celery-worker"))["fake.scrape"]).toBe(
      "stage4-topic-models:9100/worker-metrics",
    );
    expect(labelsOf(await container("ner-service"))).not.toHaveProperty("fake.scrape");
  });
});

describe("the probe of a service", () => {
  test("is the sources' curl on its port (000-044)", async () => {
    attach(FULL_STAGE);

    const timing = { interval: "10s", timeout: "5s", retries: 3, startPeriod: "30s" };
    expect((await container("orchestrator")).inputs["healthcheck"]).toEqual({
      tests: ["CMD", "curl", "-f", "http://localhost:8000/health"],
      ...timing,
    });
    expect((await container("ner-service")).inputs["healthcheck"]).toEqual({
      tests: ["CMD", "curl", "-f", "http://localhost:8001/health"],
      ...timing,
    });
  });

  test("is its own where it brings one", async () => {
    attach(FULL_STAGE);

    const { inputs } = await container("celery-worker");
    expect(inputs).not.toHaveProperty("healthcheck");
    expect(inputs["wait"]).toBe(false);
  });
});

describe("a definition that is not valid", () => {
  const invalid = {
    ...MINIMAL_STAGE,
    services: { worker: { kind: "worker", limits: { cpus: 1, memory: "1 GB" } } },
  } as const satisfies StageDefinition;

  test("is refused with every problem in one message", () => {
    expect(() => attach(invalid)).toThrow(
      [
        'The definition of stage "topic-models" is not valid:',
        '  ✖ stages.topic-models.services: got 0 services to which the gateway could lead, a stage has exactly one, of kind "orchestrator" or "frontend"; give the others another kind, for example "internal", or add one',
        "  ✖ stages.topic-models.services.worker.health: got nothing, a worker without a port has no default probe; give a commandProbe or processProbe, or noProbe with the reason",
      ].join("\n"),
    );
  });

  test("makes no container and asks for no database", async () => {
    expect(() => attach(invalid)).toThrow("is not valid");

    expect(await recorder.ofType(CONTAINER)).toEqual([]);
    expect(platform.requests).toEqual([]);
  });
});
