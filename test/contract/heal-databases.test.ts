import { afterAll, beforeAll, expect, test } from "vitest";
import { findDatabaseDrift, SERVER_FACTS_QUERY, type ServerFacts } from "../../cli/heal/databases.ts";
import type { Drift } from "../../cli/heal/drift.ts";
import { findGrantDrift, type GrantFacts, grantQuestions } from "../../cli/heal/grants.ts";
import { logicalName, type StackState, type StateResource } from "../../cli/pulumi/state.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import type { PropertyMap } from "../../offline/providers/bridge/values.ts";
import { Sandbox } from "../support/sandbox.ts";
import { StageDataWorld } from "./support/stage-data.ts";

const STAGE = {
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
} as const satisfies Partial<StageDefinition>;
const CLEANING: StageDefinition = { ...STAGE, number: 1, name: "cleaning" };
const NLP: StageDefinition = {
  ...STAGE,
  number: 2,
  name: "nlp",
  stores: ["postgres", "shared-database"],
  reads: { databases: ["cleaning"] },
};

const sandbox = new Sandbox();
let world: StageDataWorld;
let state: StackState;

beforeAll(async () => {
  world = await StageDataWorld.create(sandbox);
  const { made, stages } = await world.attach([CLEANING, NLP]);
  state = { resources: made, knownIds: new Set(), pendingOperations: [], outputs: {} };
  const owner = stages.get("cleaning")?.connections.database;
  if (owner !== undefined) await world.query(owner, "create table texts (id serial)");
});
afterAll(() => sandbox.close());

async function ask<Facts>(database: string, sql: string): Promise<Facts> {
  const [row] = await world.query(world.admin(database), sql);
  return Object.values(row ?? {})[0] as Facts;
}

/** What heal finds, by what it is and where. */
async function findDrift(): Promise<Drift[]> {
  const grants = await Promise.all(
    [...grantQuestions(state)].map(([database, sql]) => ask<GrantFacts>(database, sql)),
  );
  return [
    ...findDatabaseDrift(state, await ask<ServerFacts>("postgres", SERVER_FACTS_QUERY)),
    ...findGrantDrift(state, Object.assign({}, ...grants) as GrantFacts),
  ];
}

/** What a refresh and the `up` after it do with one resource. */
async function setBack({ urn, id = "", inputs, outputs }: StateResource): Promise<void> {
  const provider = world.provider();
  const found = await provider.read(urn, id, inputs as PropertyMap, outputs as PropertyMap);
  if (found === undefined) await provider.create(urn, inputs as PropertyMap, false);
  else await provider.update(urn, id, found.outputs, inputs as PropertyMap, false);
}

test("a server that is as it was made shows no drift", async () => {
  expect(await findDrift()).toEqual([]);
});

test.each([
  ["stage1_cleaning", "grant connect on database stage1_cleaning to public", "cleaning-database-privacy"],
  [
    "stage1_cleaning",
    "revoke connect on database stage1_cleaning from stage2_reads_stage1",
    "nlp-reads-stage1-connect",
  ],
  [
    "stage1_cleaning",
    "revoke usage on schema public from stage2_reads_stage1",
    "nlp-reads-stage1-now-schema",
  ],
  ["stage1_cleaning", "revoke select on texts from stage2_reads_stage1", "nlp-reads-stage1-now-table"],
  [
    "stage1_cleaning",
    "revoke select on sequence texts_id_seq from stage2_reads_stage1",
    "nlp-reads-stage1-now-sequence",
  ],
  [
    "stage1_cleaning",
    "alter default privileges for role stage1_user in schema public revoke select on tables from stage2_reads_stage1",
    "nlp-reads-stage1-later-table",
  ],
  [
    "storytelling_shared",
    "revoke create on schema shared from storytelling_shared",
    "postgres-shared-now-schema",
  ],
  [
    "storytelling_shared",
    "alter default privileges for role stage2_user in schema shared revoke insert on tables from storytelling_shared",
    "nlp-database-shared-later-table",
  ],
])("in %s, `%s` is found and set back", async (database, sql, name) => {
  await world.query(world.admin(database), sql);
  const [drift, ...others] = await findDrift();

  expect(others).toEqual([]);
  expect(drift).toMatchObject({ kind: "grant-altered", database });
  const urn = drift !== undefined && "urn" in drift ? drift.urn : "";
  expect(logicalName(urn)).toBe(name);
  await setBack(state.resources.find((resource) => resource.urn === urn) as StateResource);
  expect(await findDrift()).toEqual([]);
});

test.each([
  ["revoke storytelling_shared from stage2_user", "roles nothing instead of storytelling_shared"],
  [
    "alter role stage1_user reset idle_in_transaction_session_timeout",
    "idleInTransactionSessionTimeout 0 instead of 600000",
  ],
])("`%s` is found and set back", async (sql, change) => {
  await world.query(world.admin("postgres"), sql);
  const [drift, ...others] = await findDrift();

  expect(others).toEqual([]);
  expect(drift).toMatchObject({ kind: "role-altered", changes: [change] });
  const urn = drift !== undefined && "urn" in drift ? drift.urn : "";
  await setBack(state.resources.find((resource) => resource.urn === urn) as StateResource);
  expect(await findDrift()).toEqual([]);
});

test("a dropped reader is found, with every privilege that went with it", async () => {
  await world.query(world.admin("stage1_cleaning"), "drop owned by stage2_reads_stage1");
  await world.query(world.admin("postgres"), "drop role stage2_reads_stage1");

  const drifts = await findDrift();
  expect(drifts).toContainEqual(
    expect.objectContaining({ kind: "role-missing", name: "stage2_reads_stage1" }),
  );
  expect(drifts.filter(({ kind }) => kind === "grant-altered")).toHaveLength(6);
});
