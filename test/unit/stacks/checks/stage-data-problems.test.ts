import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { type StageDataPlan, stageDataProblems } from "../../../../stacks/checks/stage-data-problems.ts";
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

function problems(
  stages: readonly StageDefinition[],
  changes: Partial<StageDataPlan> & { readonly raw?: Readonly<Record<string, unknown>> } = {},
): string[] {
  const { raw = {}, ...rest } = changes;
  const plan = { config: parseConfig(raw), stages, running: stages, ...rest };
  return stageDataProblems(plan).map(({ key, reason }) => `${key}: ${reason}`);
}

describe("stageDataProblems", () => {
  test("finds none where a stage reads one that is named, running or not", () => {
    const cleaning = stage(1, "cleaning");
    const nlp = stage(2, "nlp", { reads: { databases: ["cleaning"] } });

    expect(problems([cleaning, nlp], { running: [nlp] })).toEqual([]);
  });

  test("refuses to read a stage that is not there", () => {
    expect(problems([stage(2, "nlp", { reads: { databases: ["cleaning"] } })])).toEqual([
      'stages.nlp.reads.databases: got "cleaning", which this deployment does not name; name it under stages, with enabled: false if it is not to run, or take it out',
    ]);
  });

  test("refuses to read a stage without a database", () => {
    const pages = stage(8, "frontend", { stores: [] });

    expect(problems([pages, stage(2, "nlp", { reads: { databases: ["frontend"] } })])).toEqual([
      'stages.nlp.reads.databases: got "frontend", which has no database; take it out',
    ]);
  });

  test("refuses a file of SQL that is missing, and a folder", () => {
    const initSql = ["package.json/1.sql", "stacks", "package.json"];

    expect(problems([stage(1, "cleaning", { database: { initSql } })])).toEqual([
      'stages.cleaning.database.initSql: got "package.json/1.sql", which is no file of the project; give its path from the project\'s folder',
      'stages.cleaning.database.initSql: got "stacks", which is no file of the project; give its path from the project\'s folder',
    ]);
  });

  test("counts the connections of readers, too", () => {
    const cleaning = stage(1, "cleaning", { database: { connectionLimit: 20 } });
    const nlp = stage(2, "nlp", { database: { connectionLimit: 30 }, reads: { databases: ["cleaning"] } });
    const told =
      "postgres.maxConnections: got 99, the roles of all stages may open 100 with 20 spare; raise it to at least that, or lower database.connectionLimit of a stage";

    expect(problems([cleaning, nlp], { raw: { postgres: { maxConnections: 99 } } })).toEqual([told]);
    expect(problems([cleaning, nlp], { raw: { postgres: { maxConnections: 100 } } })).toEqual([]);
  });

  test.each(["elasticsearch", "neo4j"] as const)(
    "refuses a running stage that needs %s while it is off",
    (store) => {
      const stages = [stage(5, "graph", { stores: ["postgres", store] })];

      expect(problems(stages)).toEqual([
        `stages.graph.stores: got "${store}", which is off; set ${store}.enabled to true, or take it out of the stage's stores`,
      ]);
      expect(problems(stages, { running: [] })).toEqual([]);
      expect(problems(stages, { raw: { [store]: { enabled: true } } })).toEqual([]);
    },
  );
});
