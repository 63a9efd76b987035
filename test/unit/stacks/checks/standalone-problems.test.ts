import { expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { standaloneProblems } from "../../../../stacks/checks/standalone-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

const cleaning: StageDefinition = {
  number: 1,
  name: "cleaning",
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
};

function problems(
  stages: readonly StageDefinition[],
  raw: Readonly<Record<string, unknown>> = { mode: "standalone" },
): string[] {
  return standaloneProblems({ config: parseConfig(raw), stages }).map(
    ({ key, reason }) => `${key}: ${reason}`,
  );
}

test("one stage with Redis and PostgreSQL may stand alone", () => {
  expect(problems([cleaning])).toEqual([]);
});

test("a platform is not held to it", () => {
  expect(problems([], {})).toEqual([]);
});

test.each([
  ["none", []],
  ["cleaning, nlp", [cleaning, { ...cleaning, number: 2, name: "nlp" }]],
])("refuses %s: a stack has exactly one stage then", (names, stages) => {
  expect(problems(stages)).toEqual([
    `stages: got ${names}, in the mode "standalone" a stack has exactly one stage; name one, and write another Pulumi.<stack>.yaml for each further one`,
  ]);
});

test("refuses the optional stores, asked for by the configuration or by the stage", () => {
  expect(
    problems([{ ...cleaning, stores: ["redis", "postgres", "neo4j"] }], {
      mode: "standalone",
      elasticsearch: { enabled: true },
    }),
  ).toEqual([
    'elasticsearch.enabled: got true, in the mode "standalone" there are Redis and PostgreSQL only; set it to false',
    'stages.cleaning.stores: got "neo4j", in the mode "standalone" there are Redis and PostgreSQL only; attach the stage to a platform',
  ]);
});

test("refuses a service with the container name of a store", () => {
  const stage: StageDefinition = {
    ...cleaning,
    services: { ...cleaning.services, redis: { kind: "internal", port: 6379 } },
  };
  expect(problems([stage])).toEqual([
    'stages.cleaning.services: got the container name "cleaning-redis", which is that of the stage\'s own store in the mode "standalone"; rename the service',
  ]);
});

test("refuses the stage's port for PostgreSQL", () => {
  expect(problems([cleaning], { mode: "standalone", hostPorts: { postgres: 8001 } })).toEqual([
    'hostPorts.postgres: got 8001, which is the port of the stage itself in the mode "standalone"; choose another from 1 to 65535',
  ]);
});
