import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import {
  brokerDatabase,
  cacheDatabase,
  connectionLimit,
  containerName,
  databaseName,
  databaseUser,
  entryName,
  routePrefix,
  servicePort,
  stageProject,
  telemetryName,
  urlVariable,
} from "../../../../components/stage/names.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { FULL_STAGE, MINIMAL_STAGE } from "./fixtures.ts";

/** Every name that the sources fix for a stage. */
function namesOf(stage: StageDefinition) {
  const orchestrator = entryName(stage);
  return {
    project: stageProject(stage),
    redis: [brokerDatabase(stage), cacheDatabase(stage)],
    database: databaseName(stage),
    user: databaseUser(stage),
    label: orchestrator,
    container: containerName(stage, orchestrator),
    tracing: telemetryName(stage, orchestrator),
    route: routePrefix(stage),
  };
}

describe("the eight stages of the sources", () => {
  test.each([
    [1, "cleaning", 0, 1],
    [2, "nlp", 2, 3],
    [3, "embeddings", 4, 5],
    [4, "clustering", 6, 7],
    [5, "graph", 8, 9],
    [6, "timeline", 10, 11],
    [7, "api", 12, 13],
    [8, "frontend", 14, 15],
  ])("stage %i is %s with the Redis databases %i and %i (000-121)", (number, name, broker, cache) => {
    const stage = catalogued(number);

    expect([stage.name, brokerDatabase(stage), cacheDatabase(stage)]).toEqual([name, broker, cache]);
  });

  test.each([
    [1, "cleaning"],
    [2, "nlp"],
    [3, "embeddings"],
    [4, "clustering"],
    [5, "graph"],
    [6, "timeline"],
  ])("stage %i, %s, has exactly the derived names (000-108 to 000-111)", (number, name) => {
    expect(namesOf(catalogued(number))).toEqual({
      project: `stage${number}-${name}`,
      redis: [2 * number - 2, 2 * number - 1],
      database: `stage${number}_${name}`,
      user: `stage${number}_user`,
      label: "orchestrator",
      container: `${name}-orchestrator`,
      tracing: `stage${number}-${name}-orchestrator`,
      route: `/api/v1/${name}`,
    });
  });

  test("stage 7 is public and keeps its exceptions (000-113 to 000-117, C-36)", () => {
    const stage = catalogued(7);

    expect(namesOf(stage)).toEqual({
      project: "stage7-api",
      redis: [12, 13],
      database: "stage7_api",
      user: "stage7_user",
      label: "api",
      container: "api-orchestrator",
      tracing: "stage7-api",
      route: "/api/v1/public",
    });
    expect(stage.route?.rateLimit).toBe("rate-limit-public");
  });

  test("stage 8 is the frontend, below every other route (000-118, C-37)", () => {
    const stage = catalogued(8);

    expect(namesOf(stage)).toEqual({
      project: "stage8-frontend",
      redis: [14, 15],
      database: "stage8_frontend",
      user: "stage8_user",
      label: "web",
      container: "frontend-web",
      tracing: "stage8-frontend-web",
      route: "/app",
    });
    expect(stage.route?.priority).toBeLessThan(100);
  });

  test("stage 2 calls its internal service by the sources' name (000-149)", () => {
    expect(containerName(catalogued(2), "ner-service")).toBe("nlp-ner-service");
  });

  test("stage 3's worker has the limits of the sources' example (000-112)", () => {
    expect(catalogued(3).services["celery-worker"]?.limits).toMatchObject({ cpus: 4, memory: "8 GB" });
  });
});

describe("the formula of the Redis databases (000-119)", () => {
  const number = fc.integer({ min: 1, max: 8 });

  test("is (N - 1) * 2 for the broker and one more for the cache", () => {
    fc.assert(
      fc.property(number, (n) => {
        const stage = { ...MINIMAL_STAGE, number: n };
        expect(brokerDatabase(stage)).toBe((n - 1) * 2);
        expect(cacheDatabase(stage)).toBe(brokerDatabase(stage) + 1);
      }),
    );
  });

  test("gives two stages no database in common, and uses 0 to 15 exactly once (000-217)", () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => {
      const stage = { ...MINIMAL_STAGE, number: n };
      return [brokerDatabase(stage), cacheDatabase(stage)];
    });

    expect(all).toEqual([...Array(16).keys()]);
  });
});

describe("derived names", () => {
  test("turn every hyphen of a name into an underscore for the database only", () => {
    expect(namesOf({ ...MINIMAL_STAGE, name: "a-b-c" })).toMatchObject({
      project: "stage4-a-b-c",
      database: "stage4_a_b_c",
      container: "a-b-c-orchestrator",
      route: "/api/v1/a-b-c",
    });
  });

  test("give way one by one to the names that a definition brings", () => {
    const stage = {
      ...MINIMAL_STAGE,
      containerPrefix: "topics",
      route: { prefix: "/topics" },
      database: { database: "topics_db", user: "topics_owner", connectionLimit: 7 },
      services: {
        orchestrator: { ...MINIMAL_STAGE.services.orchestrator, telemetryName: "topics" },
        worker: { kind: "worker", limits: { cpus: 1, memory: "1 GB" }, containerName: "the-worker" },
      },
    } as const satisfies StageDefinition;

    expect(namesOf(stage)).toEqual({
      project: "stage4-topic-models",
      redis: [6, 7],
      database: "topics_db",
      user: "topics_owner",
      label: "orchestrator",
      container: "topics-orchestrator",
      tracing: "topics",
      route: "/topics",
    });
    expect(containerName(stage, "worker")).toBe("the-worker");
    expect(connectionLimit(stage)).toBe(7);
  });

  test("allow twenty connections for each service (000-098)", () => {
    expect(connectionLimit(MINIMAL_STAGE)).toBe(20);
    expect(connectionLimit(FULL_STAGE)).toBe(60);
  });

  test("spell the variable of an internal service in capitals (000-038)", () => {
    expect(urlVariable("ner-service")).toBe("NER_SERVICE_URL");
    expect(urlVariable("a-b-c")).toBe("A_B_C_URL");
  });
});

describe("servicePort", () => {
  const limits = { cpus: 1, memory: "1 GB" } as const;

  test("is 8000 for an orchestrator and none for others, unless given (000-043)", () => {
    expect(servicePort({ kind: "orchestrator", limits })).toBe(8000);
    expect(servicePort({ kind: "orchestrator", limits, port: 9000 })).toBe(9000);
    expect(servicePort({ kind: "worker", limits })).toBeUndefined();
    expect(servicePort({ kind: "internal", limits })).toBeUndefined();
    expect(servicePort({ kind: "internal", limits, port: 8001 })).toBe(8001);
  });
});

describe("entryName", () => {
  test("finds the orchestrator under any key", () => {
    const { orchestrator } = MINIMAL_STAGE.services;

    expect(entryName({ ...MINIMAL_STAGE, services: { api: orchestrator } })).toBe("api");
  });

  test("throws when there is none, which the checks have told before", () => {
    expect(() => entryName({ ...MINIMAL_STAGE, services: {} })).toThrow(
      "stage topic-models has no orchestrator and no frontend",
    );
  });
});

function catalogued(number: number): StageDefinition {
  const stage = STAGE_CATALOG.find((candidate) => candidate.number === number);
  if (stage === undefined) throw new Error(`the catalogue has no stage ${number}`);
  return stage;
}
