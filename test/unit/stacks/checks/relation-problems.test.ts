import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import type { DeploymentPlan } from "../../../../stacks/checks/deployment-plan.ts";
import { deploymentProblems } from "../../../../stacks/checks/deployment-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

function stage(number: number, name: string, changes: Partial<StageDefinition> = {}): StageDefinition {
  return {
    number,
    name,
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator" } },
    ...changes,
  };
}

function problemsOf(stages: readonly StageDefinition[], changes: Partial<DeploymentPlan> = {}) {
  const plan = { config: parseConfig({}), hostCpus: 64, redisDatabases: 32, stages, running: stages };
  return deploymentProblems({ ...plan, ...changes });
}

const TYPE = "com.storytelling.one.document.done";
const publisher = stage(1, "one", { publishes: { types: [TYPE] }, sharedFiles: true });

describe("what a stage says of others", () => {
  test("is taken where they are and offer it", () => {
    const reader = stage(2, "two", {
      calls: ["one"],
      reads: { files: ["one"], databases: ["one"] },
      subscribes: [{ from: "one", types: [TYPE] }],
    });

    expect(problemsOf([publisher, reader])).toEqual([]);
  });

  test.each<[string, Partial<StageDefinition>, string]>([
    [
      "calls",
      { calls: ["three"] },
      'got "three", which this deployment does not have; add the line "three: {}"',
    ],
    ["reads.files", { reads: { files: ["three"] } }, "which this deployment does not have"],
    ["subscribes.0.from", { subscribes: [{ from: "three" }] }, "which this deployment does not have"],
    [
      "subscribes.0.types",
      { subscribes: [{ from: "one", types: ["com.a.b.c"] }] },
      `it publishes ${TYPE}, take one`,
    ],
  ])("%s is refused where it is not so", (field, changes, reason) => {
    const [problem] = problemsOf([publisher, stage(2, "two", changes)]);

    expect(problem?.key).toBe(`stages.two.${field}`);
    expect(problem?.reason).toContain(reason);
  });

  test("files that nobody shares and events that nobody publishes are refused", () => {
    const silent = stage(1, "one");
    const wanting = stage(2, "two", { reads: { files: ["one"] }, subscribes: [{ from: "one" }] });

    expect(problemsOf([silent, wanting]).map(({ reason }) => reason)).toEqual([
      'got "one", which shares no files; set sharedFiles in its definition, or remove it here',
      'got "one", which publishes no events; add `publishes` to its definition',
    ]);
  });

  test("a ring of calls is refused at each of its stages, and a diamond is none", () => {
    const ring = [
      stage(1, "one", { calls: ["two"] }),
      stage(2, "two", { calls: ["three"] }),
      stage(3, "three", { calls: ["one"] }),
    ];
    const diamond = [
      stage(1, "one", { calls: ["two", "three"] }),
      stage(2, "two", { calls: ["four"] }),
      stage(3, "three", { calls: ["four"] }),
      stage(4, "four"),
    ];

    expect(problemsOf(ring).map(({ key }) => key)).toEqual([
      "stages.one.calls",
      "stages.two.calls",
      "stages.three.calls",
    ]);
    expect(problemsOf(diamond)).toEqual([]);
  });
});

describe("names that two would have", () => {
  test.each<[string, Partial<StageDefinition>, Partial<StageDefinition>]>([
    [
      "stream",
      { publishes: { types: [TYPE], stream: "s", location: { database: 20 } } },
      { publishes: { types: [TYPE], stream: "s", location: { database: 20 } } },
    ],
    [
      "container name",
      { services: { orchestrator: { kind: "orchestrator", aliases: ["api"] } } },
      { services: { orchestrator: { kind: "orchestrator", aliases: ["api"] } } },
    ],
    ["database user", { database: { user: "same" } }, { database: { user: "same" } }],
  ])("a %s", (what, one, other) => {
    const [problem] = problemsOf([stage(1, "one", one), stage(2, "two", other)]);

    expect(problem?.reason).toContain(`got the ${what} "`);
  });

  test("a container name or alias of two services of one stage", () => {
    const services = {
      orchestrator: { kind: "orchestrator", aliases: ["two-helper"] },
      helper: { kind: "internal", port: 8000 },
    } as const;

    expect(problemsOf([stage(2, "two", { services })])).toEqual([
      {
        key: "stages.two.services.helper",
        reason:
          'got the container name or alias "two-helper", which the service "orchestrator" already has; change one of the two',
      },
    ]);
  });

  test("a name that is too long for a host", () => {
    const service = "s".repeat(40);
    const services = {
      orchestrator: { kind: "orchestrator" },
      [service]: { kind: "internal", port: 8000 },
    } as const;
    const name = "a".repeat(24);

    expect(problemsOf([stage(1, name, { services })])).toEqual([
      {
        key: `stages.${name}.services.${service}`,
        reason: `got the container name "${name}-${service}" of 65 letters, a host name has at most 63; rename the service, or give it a containerName`,
      },
    ]);
  });

  test("a name of the platform", () => {
    const services = { orchestrator: { kind: "orchestrator", aliases: ["redis-broker"] } } as const;

    expect(problemsOf([stage(1, "one", { services })]).map(({ reason }) => reason)).toEqual([
      'got the container name or alias "redis-broker", which is the platform\'s; choose another',
    ]);
  });
});

describe("secrets", () => {
  const wanting = stage(1, "one", {
    secretEnvironment: { OPENAI_API_KEY: "OPENAI_API_KEY" },
    services: { orchestrator: { kind: "orchestrator", secretFiles: { TOKEN: "HUGGINGFACE_TOKEN" } } },
  });

  test("that a running stage needs and that have no value are told with the command that sets them", () => {
    expect(problemsOf([wanting])).toEqual([
      {
        key: "stages.one.secretEnvironment.OPENAI_API_KEY",
        reason:
          'got "OPENAI_API_KEY", which has no value; set it with `npm run secret -- OPENAI_API_KEY` (docs/secrets.md)',
      },
      expect.objectContaining({ key: "stages.one.services.orchestrator.secretFiles.TOKEN" }),
    ]);
  });

  test("are not asked of a stage that is off, and are taken when they are there", () => {
    const config = parseConfig({ secrets: { OPENAI_API_KEY: "k", HUGGINGFACE_TOKEN: "t" } });

    expect(problemsOf([wanting], { running: [] })).toEqual([]);
    expect(problemsOf([wanting], { config })).toEqual([]);
  });
});

test("events in a Redis database that the server does not have are refused", () => {
  const publishes = { types: [TYPE], location: { database: 20 } };

  expect(problemsOf([stage(1, "one", { publishes })], { redisDatabases: 16 })).toEqual([
    {
      key: "stages.one.publishes.location.database",
      reason: "got 20, there are 16 Redis databases from 0 on; choose a lower one",
    },
  ]);
});
