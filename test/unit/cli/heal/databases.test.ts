import { expect, test } from "vitest";
import { findDatabaseDrift, SERVER_FACTS_QUERY, type ServerFacts } from "../../../../cli/heal/databases.ts";
import { findLeftovers } from "../../../../cli/heal/leftovers.ts";
import { TYPES } from "../../../../cli/pulumi/state.ts";
import { container, resource, stateOf } from "./fixtures.ts";

const database = resource(TYPES.database, "stage1-database", {
  outputs: {
    name: "stage1_cleaning",
    owner: "stage1_user",
    connectionLimit: -1,
    allowConnections: true,
    isTemplate: false,
  },
});
const role = resource(TYPES.role, "stage1-owner", {
  outputs: { name: "stage1_user", login: true, connectionLimit: 40, superuser: false, assumeRole: null },
});
const grant = resource("postgresql:index/grant:Grant", "stage1-privacy", {
  outputs: { database: "stage1_cleaning" },
});
const state = stateOf([database, role, grant]);

const sound: ServerFacts = {
  databases: {
    postgres: {},
    stage1_cleaning: { owner: "stage1_user", connectionLimit: -1, allowConnections: true, isTemplate: false },
  },
  roles: { stage1_user: { login: true, connectionLimit: 40, superuser: false } },
  passwords: {},
};

test("a server that is as the state says is no drift, whatever else it holds", () => {
  expect(findDatabaseDrift(state, sound)).toEqual([]);
});

test("a dropped database is found with everything that was in it", () => {
  expect(findDatabaseDrift(state, { ...sound, databases: {} })).toEqual([
    { kind: "database-missing", urn: database.urn, name: "stage1_cleaning", contents: [grant.urn] },
  ]);
});

test("a dropped database makes the container run again that ran SQL in it, and no other", () => {
  const initializing = (name: string, value: string) =>
    resource(TYPES.container, name, { inputs: { labels: [{ label: "storytelling.database", value }] } });
  const own = initializing("stage1-init-sql", "stage1_cleaning");
  const other = initializing("stage2-init-sql", "stage2_nlp");
  const [drift] = findDatabaseDrift(stateOf([database, own, other]), { ...sound, databases: {} });

  expect(drift).toMatchObject({ kind: "database-missing", contents: [own.urn] });
});

test("an altered database is found with what was altered", () => {
  const databases = { stage1_cleaning: { ...sound.databases["stage1_cleaning"], owner: "postgres" } };
  expect(findDatabaseDrift(state, { ...sound, databases })).toEqual([
    {
      kind: "database-altered",
      urn: database.urn,
      name: "stage1_cleaning",
      changes: ["owner postgres instead of stage1_user"],
    },
  ]);
});

test("a dropped role is found", () => {
  expect(findDatabaseDrift(state, { ...sound, roles: {} })).toEqual([
    { kind: "role-missing", urn: role.urn, name: "stage1_user" },
  ]);
});

test("an altered role is found with what was altered", () => {
  const roles = { stage1_user: { login: false, connectionLimit: 3, superuser: false } };
  expect(findDatabaseDrift(state, { ...sound, roles })).toEqual([
    {
      kind: "role-altered",
      urn: role.urn,
      name: "stage1_user",
      changes: ["login false instead of true", "connectionLimit 3 instead of 40"],
    },
  ]);
});

test("a role that left a group is found, in whatever order its groups are listed", () => {
  const member = resource(TYPES.role, "stage2-owner", {
    outputs: { name: "stage2_user", roles: ["shared", "others"] },
  });
  const facts = (roles: readonly string[]): ServerFacts => ({ ...sound, roles: { stage2_user: { roles } } });

  expect(findDatabaseDrift(stateOf([member]), facts(["others", "shared"]))).toEqual([]);
  expect(findDatabaseDrift(stateOf([member]), facts(["others"]))).toEqual([
    {
      kind: "role-altered",
      urn: member.urn,
      name: "stage2_user",
      changes: ["roles others instead of others, shared"],
    },
  ]);
});

test("the question is one line, as psql takes it from a command line", () => {
  expect(SERVER_FACTS_QUERY).not.toContain("\n");
});

test("what a killed run made on the server and could not write down is a leftover, databases before their owners", () => {
  const pending = [
    { type: "creating", resource: resource(TYPES.role, "stage2-owner", { inputs: { name: "stage2_user" } }) },
    {
      type: "creating",
      resource: resource(TYPES.database, "stage2-database", { inputs: { name: "stage2_nlp" } }),
    },
    {
      type: "creating",
      resource: resource(TYPES.database, "stage3-database", { inputs: { name: "stage3_x" } }),
    },
    { type: "updating", resource: role },
  ] as const;
  const facts = {
    databases: { ...sound.databases, stage2_nlp: {} },
    roles: { ...sound.roles, stage2_user: {} },
    passwords: {},
  };
  const server = container({ name: "storytelling-postgres" });
  expect(findLeftovers(stateOf([role, database], pending), facts, server)).toEqual([
    { kind: "database-orphaned", name: "stage2_nlp", server },
    { kind: "role-orphaned", name: "stage2_user", server },
  ]);
});
