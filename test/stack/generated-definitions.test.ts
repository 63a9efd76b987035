import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { definitionProblems } from "../../components/stage/definition-problems.ts";
import { Stage } from "../../components/stage/stage.ts";
import { definitions } from "../support/definitions.ts";
import { type Recorder, startMocks } from "../support/mocks.ts";
import { FakePlatform } from "../unit/components/stage/fixtures.ts";

const RUNS = 500;
/** Definitions that are instantiated under one engine. */
const BATCH = 25;

/** One way of getting a definition wrong, with the key that has to be named. */
interface Mistake {
  readonly key: string;
  readonly make: (stage: StageDefinition) => object;
}

function ofStage(key: string, changes: object): Mistake {
  return { key, make: (stage) => ({ ...stage, ...changes }) };
}

function ofEntry(key: string, changes: object): Mistake {
  return {
    key: `services.entry.${key}`,
    make: (stage) => ({
      ...stage,
      services: { ...stage.services, entry: { ...stage.services["entry"], ...changes } },
    }),
  };
}

const MISTAKES: readonly Mistake[] = [
  ofStage("number", { number: 0 }),
  ofStage("number", { number: "2" }),
  ofStage("name", { name: "Not A Name" }),
  ofStage("image", { image: "stage:1.0" }),
  ofStage("image", { image: undefined }),
  ofStage("services", { services: {} }),
  ofStage("profile", { profile: "tiny" }),
  ofStage("route.prefix", { route: { prefix: "api" } }),
  ofStage("route.maxBody", { route: { maxBody: "10 KB" } }),
  ofStage("route.cors.credentials", { route: { cors: { origins: ["*"], credentials: true } } }),
  ofStage("route.circuitBreaker", { route: { circuitBreaker: {} } }),
  ofStage("routes.hooks.authentication", { routes: { hooks: { authentication: "password" } } }),
  ofStage("routes.hooks.timeout", { routes: { hooks: { timeout: 30 } } }),
  ofStage("logLevel", { logLevel: "VERBOSE" }),
  ofStage("databse", { databse: {} }),
  ofStage("stores.0", { stores: ["mongodb"] }),
  ofStage("database.connectionLimit", { database: { connectionLimit: 0 } }),
  ofStage("database.extensions", { database: { extensions: ["no; drop"] } }),
  ofStage("publishes.types", { publishes: { types: [] } }),
  ofStage("subscribes.0.from", { subscribes: [{ from: "UPPER" }] }),
  ofStage("calls", { calls: ["other", "other"] }),
  ofStage("environment.SELF", { environment: { SELF: "http://localhost:8000" } }),
  ofStage("environment.POSTGRES_HOST", { environment: { POSTGRES_HOST: "mine" } }),
  ofStage("secretEnvironment.KEY", { secretEnvironment: { KEY: "not a name" } }),
  ofEntry("kind", { kind: "orchestrater" }),
  ofEntry("limits", { limits: null }),
  ofEntry("limits.memory", { limits: { cpus: 1 } }),
  ofEntry("limits.cpus", { limits: { cpus: -1, memory: "1 GB" } }),
  ofEntry("limits.memoryReservation", { limits: { cpus: 1, memory: "1 GB", memoryReservation: "2 GB" } }),
  ofEntry("ports", { ports: [8000] }),
  ofEntry("port", { port: 0 }),
  ofEntry("replicas", { replicas: 1.5 }),
  ofEntry("queues", { queues: ["a"] }),
  ofEntry("volumes.0.path", { volumes: [{ name: "a", path: "relative" }] }),
  ofEntry("files.0.path", { files: [{ path: "/a.txt", data: 1 }] }),
  ofEntry("gpu", { gpu: "all" }),
  ofEntry("restart", { restart: "always" }),
  ofEntry("health", { health: "curl" }),
  ofEntry("stopGraceSeconds", { stopGraceSeconds: "30s" }),
  ofEntry("hostname", { hostname: "under_score" }),
  ofEntry("enviroment", { enviroment: {} }),
];

const { stackTraceLimit } = Error;
let recorder: Recorder | undefined;
// As the program: a stack trace for every promise is most of the time.
beforeEach(() => {
  Error.stackTraceLimit = 0;
});
afterEach(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await recorder?.settled();
});

function attach(definition: StageDefinition, platform: FakePlatform): Stage {
  return new Stage(`stage${definition.number}-${definition.name}`, {
    definition,
    peers: [definition],
    sharedFiles: new Map(),
    enabled: true,
    platform,
    secret: () => "secret",
    resolveImage: (image) => ({ reference: "reference" in image ? image.reference : image.build, ready: [] }),
    defaultLogLevel: "INFO",
  });
}

describe("generated definitions", () => {
  test(`${RUNS} wrong ones: each is refused with the key and a remedy, and nothing of it is asked for`, async () => {
    recorder = await startMocks({ preview: true });
    const platform = new FakePlatform();
    const before = (await recorder.settled()).length;
    const samples = fc.sample(fc.tuple(definitions(), fc.constantFrom(...MISTAKES)), RUNS);
    for (const [valid, { key, make }] of samples) {
      const wrong = make(valid) as StageDefinition;
      const problems = definitionProblems(wrong);
      expect(problems.map((problem) => problem.key)).toContain(`stages.${wrong.name}.${key}`);
      for (const { reason } of problems) expect(reason, key).toMatch(/^got .+, .+|; .+/s);
      expect(() => attach(wrong, platform)).toThrow(`stages.${wrong.name}.${key}`);
    }

    const components = (await recorder.settled()).slice(before).filter(({ custom }) => custom);
    expect(components).toEqual([]);
    expect(platform.requests).toEqual([]);
  }, 60_000);

  test(`${RUNS} right ones: none has a problem, and each previews with a container for each service and replica`, async () => {
    const samples = fc.sample(definitions(), RUNS);
    for (let start = 0; start < RUNS; start += BATCH) {
      recorder = await startMocks({ preview: true });
      const platform = new FakePlatform();
      const batch = samples
        .slice(start, start + BATCH)
        .map((stage, index) => ({ ...stage, name: `${stage.name}-${index}`.slice(-40) }));
      const expected = batch.flatMap((stage) => {
        expect(definitionProblems(stage)).toEqual([]);
        return attach(stage, platform).containers;
      });
      const containers = await recorder.ofType("docker:index/container:Container");
      expect(new Set(containers.map(({ inputs }) => inputs["name"]))).toEqual(new Set(expected));
      expect(containers).toHaveLength(expected.length);
    }
  }, 60_000);
});
