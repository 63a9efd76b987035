import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { definitionProblems } from "../../../../components/stage/definition-problems.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { FULL_STAGE, MINIMAL_STAGE } from "./fixtures.ts";

const { orchestrator } = MINIMAL_STAGE.services;

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

  test.each([0, 9, -1, 1.5, Number.NaN, "3"])("fails for the number %j (000-003)", (number) => {
    expect(definitionProblems(untyped({ number }))).toEqual([
      {
        key: "stages.topic-models.number",
        reason: `got ${number}, a stage has a whole number from 1 to 8; correct it in the stage's definition`,
      },
    ]);
  });

  test.each(["", "Cleaning", "topic_models", "-a", "a-", "a--b", "1a", "a b", "a".repeat(41)])(
    "fails for the name %j (000-004)",
    (name) => {
      expect(definitionProblems(untyped({ name }))).toContainEqual({
        key: `stages.${name}.name`,
        reason: `got "${name}", allowed are lower-case letters, digits and single hyphens, at most 40, starting with a letter; rename it`,
      });
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

  test.each(["api", "/api/", "/API", "/", "/a b", "/api/`x`"])("fails for the route prefix %j", (prefix) => {
    expect(definitionProblems(untyped({ route: { prefix } }))).toEqual([
      {
        key: "stages.topic-models.route.prefix",
        reason: `got "${prefix}", a prefix is a path of lower-case words without a slash at its end, for example "/api/v1/topic-models"`,
      },
    ]);
  });

  test.each(["/app", "/api/v1/public", "/api/v2/topic-models"])("takes the route prefix %j", (prefix) => {
    expect(definitionProblems(untyped({ route: { prefix } }))).toEqual([]);
  });

  test("fails for two orchestrators and names them", () => {
    expect(definitionProblems(untyped({ services: { one: orchestrator, two: orchestrator } }))).toEqual([
      {
        key: "stages.topic-models.services",
        reason:
          'got 2 services of kind "orchestrator" (one, two), a stage has exactly one; the others are "worker" or "internal"',
      },
    ]);
  });

  test("fails for no orchestrator", () => {
    expect(definitionProblems(untyped({ services: {} }))).toEqual([
      {
        key: "stages.topic-models.services",
        reason:
          'got 0 services of kind "orchestrator", a stage has exactly one; the others are "worker" or "internal"',
      },
    ]);
  });

  test("fails for a published port and names the way that leads in (000-042)", () => {
    expect(definitionProblems(withService({ ports: ["8000:8000"] }))).toEqual([
      {
        key: "stages.topic-models.services.orchestrator.ports",
        reason:
          'got ["8000:8000"], a stage publishes no port of the host; remove it, the gateway leads to the orchestrator (000-042)',
      },
    ]);
  });

  test("fails for a missing memory limit (000-054)", () => {
    expect(definitionProblems(withService({ limits: { cpus: 1 } }))).toEqual([
      {
        key: "stages.topic-models.services.orchestrator.limits.memory",
        reason: 'got nothing, every service has a memory limit (000-054); give one, for example "512 MB"',
      },
    ]);
  });

  test("fails twice for missing limits", () => {
    expect(definitionProblems(withService({ limits: undefined })).map(({ key }) => key)).toEqual([
      "stages.topic-models.services.orchestrator.limits.memory",
      "stages.topic-models.services.orchestrator.limits.cpus",
    ]);
  });

  test.each([
    [undefined, "nothing"],
    [0, "0"],
    [0.05, "0.05"],
    [-1, "-1"],
    [Number.NaN, "NaN"],
  ])("fails for the CPU limit %j", (cpus, shown) => {
    expect(definitionProblems(withService({ limits: { cpus, memory: "1 GB" } }))).toEqual([
      {
        key: "stages.topic-models.services.orchestrator.limits.cpus",
        reason: `got ${shown}, every service has a CPU limit of at least 0.1 (000-054); give one, for example 0.5`,
      },
    ]);
  });

  test("fails for a reservation above the limit (000-056), and takes one that equals it", () => {
    const limits = { cpus: 1, memory: "1 GB" };

    expect(definitionProblems(withService({ limits: { ...limits, memoryReservation: "1025 MB" } }))).toEqual([
      {
        key: "stages.topic-models.services.orchestrator.limits.memoryReservation",
        reason:
          'got "1025 MB", a reservation is at most the limit of "1 GB" (000-056); lower the one or raise the other',
      },
    ]);
    expect(definitionProblems(withService({ limits: { ...limits, memoryReservation: "1024 MB" } }))).toEqual(
      [],
    );
  });

  test.each(["worker", "internal"])("fails for a %s that cannot be asked for its health", (kind) => {
    const services = { orchestrator, other: { kind, limits: orchestrator.limits } };

    expect(definitionProblems(untyped({ services }))).toEqual([
      {
        key: "stages.topic-models.services.other.health",
        reason: `got nothing, a ${kind} without a port has no default probe; give a commandProbe, or noProbe with the reason`,
      },
    ]);
  });

  test.each([
    "localhost",
    "http://localhost:8000",
    "redis://127.0.0.1:6379/0",
    "127.0.0.53",
    "http://[::1]:8000",
  ])("fails for the address %j in the environment of the stage or of a service (000-179)", (value) => {
    const reason = `got "${value}", in a container localhost is the container itself; use the name of the service, for example "redis-broker" or "nlp-orchestrator"`;

    expect(definitionProblems(untyped({ environment: { REDIS_URL: value } }))).toEqual([
      { key: "stages.topic-models.environment.REDIS_URL", reason },
    ]);
    expect(definitionProblems(withService({ environment: { REDIS_URL: value } }))).toEqual([
      { key: "stages.topic-models.services.orchestrator.environment.REDIS_URL", reason },
    ]);
  });

  test.each(["http://nlp-orchestrator:8000", "0.0.0.0:8000", "mylocalhostname", "10.127.0.1"])(
    "takes the address %j",
    (value) => {
      expect(definitionProblems(untyped({ environment: { ADDRESS: value } }))).toEqual([]);
    },
  );

  test("tells all problems of a definition at once", () => {
    const stage = untyped({
      number: 0,
      name: "Topics",
      route: { prefix: "/" },
      environment: { A: "localhost" },
      services: { worker: { kind: "worker", ports: [80] } },
    });

    expect(definitionProblems(stage).map(({ key }) => key)).toEqual([
      "stages.Topics.number",
      "stages.Topics.name",
      "stages.Topics.route.prefix",
      "stages.Topics.services",
      "stages.Topics.environment.A",
      "stages.Topics.services.worker.ports",
      "stages.Topics.services.worker.limits.memory",
      "stages.Topics.services.worker.limits.cpus",
      "stages.Topics.services.worker.health",
    ]);
  });
});
