import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { definitionProblems } from "../../../../components/stage/definition-problems.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { FULL_STAGE, MINIMAL_STAGE } from "./fixtures.ts";

const { orchestrator } = MINIMAL_STAGE.services;
const TYPE = "com.storytelling.topics.topic.found";

/** A definition as it may come from a generator or from JavaScript, where no type refuses it. */
function untyped(changes: object): StageDefinition {
  return { ...MINIMAL_STAGE, ...changes };
}

function withService(changes: object): StageDefinition {
  return untyped({ services: { orchestrator: { ...orchestrator, ...changes } } });
}

describe("definitionProblems", () => {
  test.each(STAGE_CATALOG.map((stage) => [stage.name, stage] as const))("finds none in %s", (_, stage) => {
    expect(definitionProblems(stage)).toEqual([]);
  });

  test("finds none in a stage with a service of each kind", () => {
    expect(definitionProblems(FULL_STAGE)).toEqual([]);
  });

  test.each([
    [0, "0"],
    [9, "9"],
    [-1, "-1"],
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
    ["3", '"3"'],
    [undefined, "nothing"],
  ])("fails for the number %j (000-003)", (number, shown) => {
    expect(definitionProblems(untyped({ number }))).toEqual([
      {
        key: "stages.topic-models.number",
        reason: `got ${shown}, a stage has a whole number from 1 to 8; correct it in the stage's definition`,
      },
    ]);
  });

  test.each(["", "Cleaning", "topic_models", "-a", "a-", "a--b", "1a", "a b", "a".repeat(41)])(
    "fails for the name %j (000-004)",
    (name) => {
      expect(definitionProblems(untyped({ name }))).toEqual([
        {
          key: `stages.${name}.name`,
          reason: `got "${name}", allowed are lower-case letters, digits and single hyphens, at most 40, starting with a letter; rename it`,
        },
      ]);
    },
  );

  test("fails for a service's name that no host could have", () => {
    const services = { Orchestrator: orchestrator };

    expect(definitionProblems(untyped({ services }))).toEqual([
      {
        key: "stages.topic-models.services",
        reason:
          'got "Orchestrator", allowed are lower-case letters, digits and single hyphens, at most 40, starting with a letter; rename it',
      },
    ]);
  });

  test.each(["/", "/app", "/api/v1/public", "/api/v2/topic-models"])(
    "takes the route prefix %j",
    (prefix) => {
      expect(definitionProblems(untyped({ route: { prefix } }))).toEqual([]);
    },
  );

  describe("a field of the stage", () => {
    test.each<[string, object, string]>([
      ["route.prefix", { route: { prefix: "api" } }, 'got "api", a prefix is a path'],
      ["route.prefix", { route: { prefix: "/api/" } }, 'got "/api/", a prefix is a path'],
      ["route.prefix", { route: { prefix: "/api/`x`" } }, "a prefix is a path"],
      ["route.rateLimit", { route: { rateLimit: "none" } }, 'got "none", must be the name of a limit'],
      [
        "route.rateLimit",
        { route: { rateLimit: { average: 1 } } },
        "must be the name of a limit or { average",
      ],
      ["route.rateLimit.period", { route: { rateLimit: { average: 1, period: "0s", burst: 1 } } }, "must be"],
      ["route.host", { route: { host: "https://nlp.test" } }, 'for example "api.example.org"'],
      ["route.timeout", { route: { timeout: "0s" } }, "must be a number above 0"],
      ["route.maxBody", { route: { maxBody: "0 MB" } }, 'must be at least "0.001 MB"'],
      ["route.maxBody", { route: { maxBody: "1 KB" } }, 'for example "10 MB"'],
      ["route.retry.attempts", { route: { retry: { attempts: 1 } } }, "from 2 to 10"],
      ["route.circuitBreaker", { route: { circuitBreaker: {} } }, "got no threshold, it would never open"],
      [
        "route.circuitBreaker.serverErrors",
        { route: { circuitBreaker: { serverErrors: 30 } } },
        "got 30, must be a share above 0 and at most 1",
      ],
      ["route.inFlight.amount", { route: { inFlight: { amount: 0 } } }, "from 1 to 100000"],
      [
        "route.cors.credentials",
        { route: { cors: { origins: ["*"], credentials: true } } },
        'got true together with the origin "*"; name the origins',
      ],
      [
        "route.cors.origins",
        { route: { cors: { origins: ["*", "http://a.test"] } } },
        'and "*" is every origin; name them, or keep "*" alone',
      ],
      [
        "route.cors.origins.0",
        { route: { cors: { origins: ["http://a.test/x"] } } },
        "an origin without a path",
      ],
      [
        "route.cors.headers.0",
        { route: { cors: { origins: ["*"], headers: ["*"] } } },
        "must be the name of a header",
      ],
      [
        "route.authentication",
        { route: { authentication: "basic" } },
        'must be "none", "identity" or { basic: "name of a list of users" }',
      ],
      [
        "route.healthTimeout",
        { route: { healthTimeout: "10s" } },
        'got "10s", the health is asked every 10s; choose a shorter timeout or a longer healthInterval',
      ],
      [
        "route.priority",
        { route: { prefix: "/", priority: 100 } },
        'got 100, a route at "/" takes what no other takes and has 1',
      ],
      ["routes.hooks.compres", { routes: { hooks: { compres: true } } }, 'write "compress"'],
      ["routes", { routes: { Hooks: {} } }, 'got "Hooks", allowed are lower-case letters'],
      ["route.priority", { route: { priority: 0 } }, "got 0, must be a whole number from 1 to 10000"],
      ["image", { image: "nlp:1" }, 'got "nlp:1", must be { reference: "name:tag" }'],
      ["image.reference", { image: { reference: "nlp" } }, "must be an image with a tag or digest"],
      ["image.reference", { image: { reference: "nlp:latest" } }, "pin a version"],
      ["profile", { profile: "huge" }, 'got "huge", must be one of small, medium, large'],
      ["stores.0", { stores: ["mysql"] }, 'got "mysql", must be one of redis, postgres'],
      ["stores", { stores: ["redis", "shared-database"] }, 'add "postgres"'],
      ["logLevel", { logLevel: "TRACE" }, "must be one of DEBUG, INFO, WARNING, ERROR"],
      [
        "profil",
        { profil: "small" },
        'got "small", and is no key here; write "profile", known are number, name',
      ],
      ["frobnicate", { frobnicate: 1 }, "got 1, and is no key here; remove it, known are number, name"],
      ["secretEnvironment.KEY", { secretEnvironment: { KEY: "lower" } }, "must be the name of a secret"],
      ["environment", { environment: { "1A": "x" } }, 'got "1A", must be the name of a variable'],
      ["environment.A", { environment: { A: 1 } }, "got 1, must be a text; put the value in quotes"],
      [
        "environment.REDIS_HOST",
        { environment: { REDIS_HOST: "x" } },
        "the platform injects REDIS_HOST; remove it",
      ],
      [
        "environment.IDENTITY_SERVICE_URL",
        {
          services: { api: { kind: "orchestrator", identity: true } },
          environment: { IDENTITY_SERVICE_URL: "x" },
        },
        "got a value of its own, and the platform injects IDENTITY_SERVICE_URL",
      ],
      [
        "environment.JWT_SECRET",
        {
          services: { api: { kind: "orchestrator", jwt: { key: "JWT_SECRET" } } },
          environment: { JWT_SECRET: "x", JWT_SECRET_KEY: "x" },
        },
        "got a value of its own, and the platform injects JWT_SECRET",
      ],
      [
        "environment.NLP_SERVICE_URL",
        { calls: ["nlp"], environment: { NLP_SERVICE_URL: "x" } },
        "the platform injects NLP_SERVICE_URL",
      ],
      [
        "environment.CACHE_DATABASE_URL",
        { database: { extra: ["cache"] }, environment: { CACHE_DATABASE_URL: "x" } },
        "the platform injects CACHE_DATABASE_URL",
      ],
      [
        "secretEnvironment.ELASTICSEARCH_PASSWORD",
        { stores: ["elasticsearch"], secretEnvironment: { ELASTICSEARCH_PASSWORD: "MINE" } },
        "the platform injects ELASTICSEARCH_PASSWORD",
      ],
      ["calls", { calls: ["nlp", "nlp"] }, 'got "nlp" twice; name each stage once'],
      ["calls", { calls: ["topic-models"] }, "which is the stage itself; remove it"],
      ["reads.databases", { reads: { databases: ["topic-models"] } }, "topic-models"],
      ["publishes.types", { publishes: { types: [] } }, "must name at least one type of event"],
      [
        "publishes.types.0",
        { publishes: { types: ["cleaned"] } },
        'must be a type such as "com.storytelling',
      ],
      [
        "publishes.location.database",
        { publishes: { types: [TYPE], location: { database: 32 } } },
        "from 0 to 31",
      ],
      [
        "publishes.retention.maxAge",
        { publishes: { types: [TYPE], retention: { maxAge: "1 day" } } },
        'for example "10s"',
      ],
      ["subscribes.0.from", { subscribes: [{ from: "topic-models" }] }, "does not take its own events"],
      ["subscribes.0.batchSize", { subscribes: [{ from: "nlp", batchSize: 0 }] }, "from 1 to 1000"],
      ["subscribes.0.start", { subscribes: [{ from: "nlp", start: "now" }] }, "must be one of 0, $"],
      ["subscribes", { subscribes: [{ from: "nlp" }, { from: "nlp" }] }, 'got "nlp" twice'],
      [
        "stores",
        { stores: [], subscribes: [{ from: "nlp" }] },
        'got no "redis", in which events are; add it',
      ],
    ])("%s of %j is refused and says what is allowed", (field, changes, reason) => {
      const problems = definitionProblems(untyped(changes));

      expect(problems.map(({ key }) => key)).toContain(`stages.topic-models.${field}`);
      expect(problems.map((problem) => problem.reason).join("\n")).toContain(reason);
    });
  });

  describe("a field of a service", () => {
    test.each<[string, object, string]>([
      ["kind", { kind: "orchestratr" }, "must be one of orchestrator, frontend, worker"],
      [
        "ports",
        { ports: ["8000:8000"] },
        'got ["8000:8000"], a stage publishes no port of the host; remove it, the gateway leads to the entry (000-042)',
      ],
      ["replica", { replica: 2 }, 'got 2, and is no key here; write "replicas"'],
      ["replicas", { replicas: 0 }, "got 0, must be a whole number from 1 to 32"],
      ["limits", { limits: null }, "got nothing, must be of the type object"],
      [
        "limits.memory",
        { limits: { cpus: 1 } },
        'got nothing, every service has a memory limit (000-054); give one, for example "512 MB"',
      ],
      ["limits.memory", { limits: { cpus: 1, memory: "1g" } }, 'got "1g", every service has a memory limit'],
      [
        "limits.cpus",
        { limits: { memory: "1 GB" } },
        "got nothing, every service has a CPU limit of at least 0.1 (000-054); give one",
      ],
      ["limits.cpus", { limits: { cpus: 0.05, memory: "1 GB" } }, "got 0.05, every service has a CPU limit"],
      [
        "limits.cpus",
        { limits: { cpus: Number.NaN, memory: "1 GB" } },
        "got NaN, every service has a CPU limit",
      ],
      [
        "limits.memoryReservation",
        { limits: { cpus: 1, memory: "1 GB", memoryReservation: "1025 MB" } },
        'a reservation is at most the limit of "1 GB" (000-056); lower the one',
      ],
      [
        "celeryApp",
        { celeryApp: "app" },
        'on a service of kind "orchestrator", it means something for worker and scheduler only',
      ],
      ["queues", { queues: ["a"] }, "for worker only; remove it"],
      ["mainRedis", { mainRedis: "events" }, "for worker, scheduler, internal, and consumer only; remove it"],
      ["port", { port: 70_000 }, "got 70000, must be a whole number from 1 to 65535"],
      ["user", { user: "a b" }, "must be a user of the image"],
      ["workingDirectory", { workingDirectory: "app" }, "must be an absolute path"],
      ["volumes.0.path", { volumes: [{ name: "data", path: "data" }] }, "must be an absolute path"],
      ["volumes.0.name", { volumes: [{ name: "Data", path: "/data" }] }, "lower-case letters"],
      [
        "volumes",
        {
          volumes: [
            { name: "a", path: "/data" },
            { name: "b", path: "/data" },
          ],
        },
        'got the path "/data" twice',
      ],
      ["volumes", { volumes: [{ name: "shared", path: "/data" }] }, "set sharedFiles"],
      [
        "files.0.path",
        { files: [{ path: "/app/settings.ini", data: {} }] },
        "ends with .yaml, .yml or .json",
      ],
      ["files.0.data", { files: [{ path: "/app/a.yaml", data: () => 1 }] }, "got"],
      ["sharedMemory", { sharedMemory: "big" }, 'for example "512 MB"'],
      ["gpu.count", { gpu: { count: 0 } }, "from 1 to 16"],
      ["gpu", { gpu: true }, "got true, must be { count: 1 }"],
      ["stopGraceSeconds", { stopGraceSeconds: -1 }, "from 0 to 3600"],
      ["restart", { restart: "always" }, "must be one of unless-stopped, on-failure, no"],
      ["containerName", { containerName: "A_b" }, "must be a host name"],
      ["health.kind", { health: { kind: "http" } }, "must be a probe: httpProbe"],
      ["secretFiles.API_KEY", { secretFiles: { API_KEY: "x" } }, "must be the name of a secret"],
      [
        "environment.URL",
        { environment: { URL: "http://localhost:8000" } },
        "localhost is the container itself",
      ],
      [
        "environment.URL",
        { environment: { URL: "redis://127.0.0.1:6379/0" } },
        "use the name of the service",
      ],
      ["environment.URL", { environment: { URL: "http://[::1]:8000" } }, "localhost is the container itself"],
    ])("%s of %j is refused and says what is allowed", (field, changes, reason) => {
      const problems = definitionProblems(withService(changes));

      expect(problems.map(({ key }) => key)).toContain(`stages.topic-models.services.orchestrator.${field}`);
      expect(problems.map((problem) => problem.reason).join("\n")).toContain(reason);
    });
  });

  test("takes a reservation that equals its limit", () => {
    const limits = { cpus: 1, memory: "1 GB", memoryReservation: "1024 MB" };

    expect(definitionProblems(withService({ limits }))).toEqual([]);
  });

  test("takes a service without limits, whose profile has them", () => {
    expect(definitionProblems(withService({ limits: undefined }))).toEqual([]);
  });

  test.each([
    [
      { one: orchestrator, two: { ...orchestrator, kind: "frontend" } },
      "2 services to which the gateway could lead (one, two)",
    ],
    [{}, "0 services to which the gateway could lead"],
    [
      {
        orchestrator,
        a: { kind: "scheduler", celeryApp: "app" },
        b: { kind: "scheduler", celeryApp: "app" },
      },
      "2 schedulers (a, b)",
    ],
  ])("counts the services of a stage: %j", (services, reason) => {
    const problems = definitionProblems(untyped({ services }));

    expect(problems.map(({ key }) => key)).toEqual(["stages.topic-models.services"]);
    expect(problems[0]?.reason).toContain(`got ${reason}`);
  });

  test.each(["scheduler", "job"])("fails for a %s that runs twice", (kind) => {
    const services = { orchestrator, once: { kind, replicas: 2, health: { kind: "none", reason: "test" } } };

    expect(definitionProblems(untyped({ services })).map(({ key }) => key)).toEqual([
      "stages.topic-models.services.once.replicas",
    ]);
  });

  test.each(["worker", "internal"])("fails for a %s that cannot be asked for its health", (kind) => {
    const services = { orchestrator, other: { kind } };

    expect(definitionProblems(untyped({ services }))).toEqual([
      {
        key: "stages.topic-models.services.other.health",
        reason: `got nothing, a ${kind} without a port has no default probe; give a commandProbe or processProbe, or noProbe with the reason`,
      },
    ]);
  });

  test("fails for a consumer in a stage that subscribes to nothing", () => {
    const services = { orchestrator, taker: { kind: "consumer", health: { kind: "none", reason: "test" } } };

    expect(definitionProblems(untyped({ services })).map(({ key }) => key)).toEqual([
      "stages.topic-models.services.taker.kind",
    ]);
  });

  test("fails for a service that waits for events of a stage that subscribes to nothing", () => {
    const services = { orchestrator, helper: { kind: "internal", port: 8000, mainRedis: "events" } };

    expect(definitionProblems(untyped({ services })).map(({ key }) => key)).toEqual([
      "stages.topic-models.services.helper.mainRedis",
    ]);
  });

  test("takes a variable of a store that the stage is not given", () => {
    const environment = { REDIS_HOST: "of-the-team", ELASTICSEARCH_URL: "http://of-the-team:9200" };

    expect(definitionProblems(untyped({ stores: [], environment }))).toEqual([]);
  });

  test("shows a value that JSON cannot say", () => {
    const [problem] = definitionProblems(untyped({ number: 3n }));

    expect(problem?.reason).toContain("got 3n, a stage has a whole number");
  });

  test.each(["http://nlp-orchestrator:8000", "0.0.0.0:8000", "mylocalhostname", "10.127.0.1"])(
    "takes the address %j",
    (value) => {
      expect(definitionProblems(untyped({ environment: { ADDRESS: value } }))).toEqual([]);
    },
  );

  test("tells all problems of a definition at once", () => {
    const stage = untyped({
      route: { prefix: "/api/" },
      environment: { A: "localhost" },
      services: { worker: { kind: "worker", ports: [80] } },
    });

    expect(definitionProblems(stage).map(({ key }) => key)).toEqual([
      "stages.topic-models.services.worker.ports",
      "stages.topic-models.route.prefix",
      "stages.topic-models.services",
      "stages.topic-models.services.worker.health",
      "stages.topic-models.environment.A",
    ]);
  });

  test.each([undefined, null, 1, "stage", [], {}, { name: 1 }, { services: [] }, { services: { a: null } }])(
    "never throws, and finds something wrong with %j",
    (stage) => {
      expect(definitionProblems(stage as unknown as StageDefinition)).not.toEqual([]);
    },
  );
});
