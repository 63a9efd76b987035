import { expect, test } from "vitest";
import { findGrantDrift, grantQuestions } from "../../../../cli/heal/grants.ts";
import { TYPES } from "../../../../cli/pulumi/state.ts";
import { resource, stateOf } from "./fixtures.ts";

const privacy = resource(TYPES.grant, "stage1-privacy", {
  outputs: { database: "stage1_cleaning", role: "public", objectType: "database", privileges: null },
});
const table = resource(TYPES.grant, "stage2-reads-stage1-table", {
  outputs: {
    database: "stage1_cleaning",
    role: "stage2_reads_stage1",
    objectType: "table",
    schema: "public",
    privileges: ["SELECT"],
  },
});
const shared = resource(TYPES.defaultPrivileges, "stage2-shared", {
  outputs: {
    database: "storytelling_shared",
    role: "storytelling_shared",
    objectType: "table",
    schema: "shared",
    owner: "stage2_user",
    privileges: ["ALL"],
  },
});
const state = stateOf([privacy, table, shared]);

test("each database is asked once, for everything that was granted in it, in one line", () => {
  const questions = grantQuestions(state);

  expect([...questions.keys()]).toEqual(["stage1_cleaning", "storytelling_shared"]);
  expect(questions.get("stage1_cleaning")).toContain(privacy.urn);
  expect(questions.get("stage1_cleaning")).toContain(table.urn);
  expect([...questions.values()].join("")).not.toContain("\n");
});

test("a state without grants asks nothing", () => {
  expect(grantQuestions(stateOf([]))).toEqual(new Map());
});

test("a name with a quote stays a name", () => {
  const odd = resource(TYPES.grant, "odd", {
    outputs: { database: "o", role: "o'brien", objectType: "schema", schema: "s", privileges: ["USAGE"] },
  });
  expect(grantQuestions(stateOf([odd])).get("o")).toContain("rolname = 'o''brien'");
});

test("what is no longer as it was granted is found, and what nobody could ask is not", () => {
  expect(findGrantDrift(state, { [privacy.urn]: true, [table.urn]: false })).toEqual([
    { kind: "grant-altered", urn: table.urn, role: "stage2_reads_stage1", database: "stage1_cleaning" },
  ]);
});
