import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { publicationOf } from "../../components/stage/events.ts";
import {
  brokerDatabase,
  cacheDatabase,
  containerNames,
  databaseName,
  databaseUser,
  volumeName,
} from "../../components/stage/names.ts";
import { ownVolumes } from "../../components/stage/service-mounts.ts";
import { stageRoutes } from "../../components/stage/stage-routes.ts";
import { deploymentProblems } from "../../stacks/checks/deployment-problems.ts";
import { parseConfig } from "../../stacks/config/load.ts";
import { definitions } from "../support/definitions.ts";

/** Two stages with different numbers. */
const pairs = fc
  .uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 2 })
  .chain(([first = 1, second = 2]) =>
    fc.tuple(definitions(fc.constant(first)), definitions(fc.constant(second))),
  );

function problemsOf(stages: readonly StageDefinition[]) {
  return deploymentProblems({
    config: parseConfig({ postgres: { maxConnections: 5000 } }),
    hostCpus: 64,
    redisDatabases: 32,
    stages,
    running: stages,
  });
}

describe("any two valid stages with different numbers", () => {
  test.each<[string, (stage: StageDefinition) => readonly (string | number)[]]>([
    ["container name", (stage) => Object.keys(stage.services).flatMap((name) => containerNames(stage, name))],
    ["route", (stage) => stageRoutes(stage).map(({ route }) => route.prefix)],
    ["router", (stage) => stageRoutes(stage).map(({ route }) => route.name)],
    ["Redis database", (stage) => [`broker ${brokerDatabase(stage)}`, `cache ${cacheDatabase(stage)}`]],
    ["Postgres name", (stage) => [databaseName(stage), databaseUser(stage)]],
    ["volume", (stage) => ["shared", ...ownVolumes(stage)].map((name) => volumeName(stage, name))],
    ["stream", (stage) => [publicationOf(stage)?.stream ?? `none of ${stage.number}`]],
  ])("never share a %s, unless the deployment is refused", (_, namesOf) => {
    const isKeptApart = fc.property(pairs, ([one, other]) => {
      const taken = new Set(namesOf(one));
      return !namesOf(other).some((name) => taken.has(name)) || problemsOf([one, other]).length > 0;
    });

    expect(fc.check(isKeptApart, { numRuns: 300 })).toMatchObject({ failed: false, numRuns: 300 });
  });

  test("are refused for nothing but a name that both would have", () => {
    const hasNoOtherProblem = fc.property(pairs, (stages) =>
      problemsOf(stages).every(({ reason }) => /already has|also matches|is the platform's/.test(reason)),
    );

    expect(fc.check(hasNoOtherProblem, { numRuns: 300 })).toMatchObject({ failed: false, numRuns: 300 });
  });
});
