import { secret } from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { ManagedContainerArgs } from "../../../../components/core/managed-container.ts";
import type { StageDefinition, StageService } from "../../../../components/stage/definition.ts";
import { type StageContext, serviceContainers } from "../../../../components/stage/stage-containers.ts";
import { startMocks } from "../../../support/mocks.ts";
import { FakePlatform, MINIMAL_STAGE } from "./fixtures.ts";

const LIMITS = { cpus: 1, memory: "1 GB" } as const;
let platform: FakePlatform;
beforeEach(async () => {
  await startMocks();
  platform = new FakePlatform();
});

function containers(service: StageService, rest: Partial<StageDefinition> = {}): ManagedContainerArgs[] {
  const { orchestrator } = MINIMAL_STAGE.services;
  const stage = { ...MINIMAL_STAGE, services: { orchestrator, it: service }, ...rest };
  return serviceContainers(stage, "it", contextOf([stage]));
}

function only(service: StageService, rest: Partial<StageDefinition> = {}): ManagedContainerArgs {
  const [container] = containers(service, rest);
  if (container === undefined) throw new Error("the service has no container");
  return container;
}

function contextOf(peers: readonly StageDefinition[]): StageContext {
  const { broker, cache, tracing, gateway, metrics } = platform;
  return {
    network: "storytelling",
    gateway,
    metrics,
    connections: { broker, cache, tracing, peers },
    imageReference: (image) => ("reference" in image ? image.reference : image.build),
    secret: (name) => secret(`value of ${name}`),
    defaultLogLevel: "INFO",
  };
}

describe("replicas", () => {
  test("have names and host names of their own, and the service's name together (C-17)", () => {
    const found = containers({ kind: "internal", port: 8001, limits: LIMITS, replicas: 2 });

    expect(found.map(({ containerName, hostname, networks }) => [containerName, hostname, networks])).toEqual(
      [1, 2].map((index) => [
        `topic-models-it-${index}`,
        `topic-models-it-${index}`,
        [{ name: "storytelling", aliases: ["topic-models-it"] }],
      ]),
    );
  });

  test("number a host name that the service gives", () => {
    const found = containers({ kind: "internal", port: 8001, hostname: "ner", replicas: 2 });

    expect(found.map(({ hostname }) => hostname)).toEqual(["ner-1", "ner-2"]);
  });

  test("of the entry are all behind the same route", () => {
    const stage: StageDefinition = {
      ...MINIMAL_STAGE,
      services: { api: { kind: "orchestrator", replicas: 3 } },
    };
    const routes = serviceContainers(stage, "api", contextOf([stage])).map(({ labels }) => labels);

    expect(routes.map((labels) => labels?.["fake.route"])).toEqual(Array(3).fill("stage4-topic-models"));
  });
});

describe("a service of Celery", () => {
  test("that works is started with its queues and tasks at a time, and has them as variables", () => {
    const worker = only({ kind: "worker", celeryApp: "app.tasks", queues: ["fast", "slow"], concurrency: 2 });

    expect(worker.command).toEqual([
      "celery",
      "-A",
      "app.tasks",
      "worker",
      "--loglevel=INFO",
      "--queues=fast,slow",
      "--concurrency=2",
    ]);
    expect(worker.environment).toMatchObject({ CELERY_QUEUES: "fast,slow", CELERY_CONCURRENCY: "2" });
  });

  test("that schedules keeps its schedule where it may write", () => {
    expect(only({ kind: "scheduler", celeryApp: "app.tasks" }).command).toEqual([
      "celery",
      "-A",
      "app.tasks",
      "beat",
      "--loglevel=INFO",
      "--schedule=/tmp/celerybeat-schedule",
    ]);
  });

  test("with a command of its own is started by that", () => {
    const command = ["python", "-m", "worker"];

    expect(only({ kind: "worker", celeryApp: "app.tasks", command }).command).toEqual(command);
  });
});

describe("graphics devices", () => {
  test.each([
    [{ count: "all" }, "all", undefined],
    [{ count: 2 }, "device=0,1", "0,1"],
    [{ devices: ["2", "5"] }, "device=2,5", "0,1"],
  ] as const)(
    "%j are %s for the provider and counted from 0 in the container (000-153)",
    (gpu, gpus, visible) => {
      const found = only({ kind: "worker", limits: LIMITS, gpu });

      expect(found.gpus).toBe(gpus);
      expect(found.environment?.["CUDA_VISIBLE_DEVICES"]).toBe(visible);
    },
  );

  test("are none unless given", () => {
    expect(only({ kind: "worker", limits: LIMITS })).not.toHaveProperty("gpus");
  });
});

describe("files and volumes", () => {
  test("of a stage that shares are written by it", () => {
    const { mounts } = only(
      { kind: "worker", volumes: [{ name: "models", path: "/models", readOnly: true }] },
      { sharedFiles: true },
    );

    expect(mounts).toEqual([
      { volume: "storytelling-stage4-models", path: "/models", readOnly: true },
      { volume: "storytelling-stage4-shared", path: "/shared/stage4", readOnly: false },
    ]);
  });

  test("of another stage are read only, and only where they are declared (002-073)", () => {
    const owner: StageDefinition = { ...MINIMAL_STAGE, number: 6, name: "timeline", sharedFiles: true };
    const reader: StageDefinition = { ...MINIMAL_STAGE, reads: { files: ["timeline"] } };
    const mountsOf = (stage: StageDefinition) =>
      serviceContainers(stage, "orchestrator", contextOf([reader, owner])).map(({ mounts }) => mounts);

    expect(mountsOf(reader)).toEqual([
      [{ volume: "storytelling-stage6-shared", path: "/shared/stage6", readOnly: true }],
    ]);
    expect(mountsOf(MINIMAL_STAGE)).toEqual([[]]);
  });

  test("are rendered by their ending", () => {
    const data = { model: { name: "small" } };
    const { files } = only({
      kind: "worker",
      files: [
        { path: "/a.yaml", data },
        { path: "/a.json", data },
      ],
    });

    expect(files?.map(({ path, content }) => [path, content])).toEqual([
      ["/a.yaml", "model:\n  name: small\n"],
      ["/a.json", '{\n  "model": {\n    "name": "small"\n  }\n}\n'],
    ]);
  });

  test("with secrets are named by a variable, which does not hold the value (C-26)", () => {
    const found = only({ kind: "worker", secretFiles: { API_KEY: "PARTNER_KEY" } });

    expect(found.files?.map(({ path }) => path)).toEqual(["/run/secrets/api_key"]);
    expect(found.environment).toMatchObject({ API_KEY_FILE: "/run/secrets/api_key" });
    expect(found.environment).not.toHaveProperty("API_KEY");
  });
});

test("a stage without stores is given none", () => {
  const names = Object.keys(only({ kind: "worker", limits: LIMITS }, { stores: [] }).environment ?? {});

  expect(names.filter((name) => /REDIS|POSTGRES|DATABASE|CELERY/.test(name))).toEqual([]);
});

test("a service without limits has those of its stage's profile for its kind (000-060)", () => {
  expect(only({ kind: "worker" }).limits).toEqual({ cpus: 4, memory: "8 GB", memoryReservation: "4 GB" });
  expect(only({ kind: "worker" }, { profile: "small" }).limits).toMatchObject({ cpus: 1, memory: "2 GB" });
});

test("what a service says of its process is passed on, and nothing else", () => {
  const given = {
    entrypoint: ["/start"],
    workingDirectory: "/srv",
    sharedMemory: "1 GB",
    restart: "on-failure",
  } as const;

  expect(only({ kind: "worker", ...given })).toMatchObject(given);
  for (const key of Object.keys(given)) expect(only({ kind: "worker" })).not.toHaveProperty(key);
});
