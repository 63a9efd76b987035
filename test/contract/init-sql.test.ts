import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { Sandbox } from "../support/sandbox.ts";
import { type Login, StageDataWorld } from "./support/stage-data.ts";

const CLEANING: StageDefinition = {
  number: 1,
  name: "cleaning",
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
};

const sandbox = new Sandbox();
let world: StageDataWorld;
let folder: string;
let owner: Login;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-init-sql-"));
  world = await StageDataWorld.create(sandbox);
  const { stages } = await world.attach([CLEANING]);
  owner = stages.get("cleaning")?.connections.database as Login;
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await world.query(owner, "drop owned by current_user; create schema if not exists public");
});

/** Runs these files as the program does, in this order. */
async function apply(files: Readonly<Record<string, string>>): Promise<{ exitCode: number; output: string }> {
  const initSql = Object.keys(files).map((name) => join(folder, name));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const definition = { ...CLEANING, database: { initSql } };
  const { recorder } = await world.attach([definition], "nothing of it: the database is there");
  const declared = await recorder.resource("docker:index/container:Container", "cleaning-database-init-sql");
  // The declared name is the real platform's.
  return sandbox.runToEnd({
    ...declared,
    inputs: { ...declared.inputs, name: `${sandbox.prefix}-init-sql` },
  });
}

function applied(): Promise<readonly Record<string, unknown>[]> {
  return world.query(owner, "select name from public.storytelling_init order by name");
}

test("files run once each, in their order, as the stage's user", async () => {
  const files = {
    "2-first.sql": "create table runs as select current_user as by;",
    "1-second.sql": "insert into runs select current_user;",
  };
  expect(await apply(files)).toEqual({
    exitCode: 0,
    output: "2-first.sql is applied\n1-second.sql is applied",
  });
  expect(await apply({ ...files, "3-third.sql": "insert into runs select 'third';" })).toEqual({
    exitCode: 0,
    output: "2-first.sql was applied before\n1-second.sql was applied before\n3-third.sql is applied",
  });
  expect(await world.query(owner, "select by from runs")).toEqual([
    { by: "stage1_user" },
    { by: "stage1_user" },
    { by: "third" },
  ]);
});

test("a file that fails leaves nothing of itself, keeps those before it, and tells file and line", async () => {
  const failed = await apply({
    "1.sql": "create table kept ();",
    "2.sql": "create table lost ();\ninsert into missing values (1);",
    "3.sql": "create table never ();",
  });
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain('psql:/init-sql/2.sql:2: ERROR:  relation "missing" does not exist');
  expect(await applied()).toEqual([{ name: "1.sql" }]);
  expect(
    await world.query(owner, "select relname from pg_class where relname in ('kept', 'lost', 'never')"),
  ).toEqual([{ relname: "kept" }]);

  expect((await apply({ "1.sql": "create table kept ();", "2.sql": "create table lost ();" })).exitCode).toBe(
    0,
  );
  expect(await applied()).toEqual([{ name: "1.sql" }, { name: "2.sql" }]);
});

test("a file that has changed since it ran is refused with what to do", async () => {
  await apply({ "1.sql": "create table kept ();" });
  const changed = await apply({ "1.sql": "create table kept (id int);" });

  expect(changed.exitCode).not.toBe(0);
  expect(changed.output).toContain("1.sql was applied before and has changed since");
  expect(changed.output).toContain("add the change as a new file");
});

test("a file that ends its transaction is refused: it could not be undone", async () => {
  const split = await apply({ "1.sql": "create table early (); commit; begin; create table late ();" });

  expect(split.exitCode).not.toBe(0);
  expect(split.output).toContain("1.sql ends the transaction in which it runs");
  expect(await applied()).toEqual([]);
});

test("a file's settings do not reach the next one", async () => {
  expect(
    await apply({
      "1.sql": "create schema other; set search_path to other; set role none;",
      "2.sql": "create table found ();",
    }),
  ).toMatchObject({ exitCode: 0 });
  expect(await world.query(owner, "select 'public.found'::regclass::text as found")).toEqual([
    { found: "found" },
  ]);
});

test("two runs at a time apply each file once", async () => {
  await writeFile(join(folder, "1.sql"), "create table once (); select pg_sleep(0.5);");
  const { recorder } = await world.attach(
    [{ ...CLEANING, database: { initSql: [join(folder, "1.sql")] } }],
    "nothing of it: the database is there",
  );
  const declared = await recorder.resource("docker:index/container:Container", "cleaning-database-init-sql");
  const runs = await Promise.all(
    ["a", "b"].map((run) =>
      sandbox.runToEnd({
        ...declared,
        inputs: { ...declared.inputs, name: `${sandbox.prefix}-init-${run}` },
      }),
    ),
  );
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(runs.map(({ output }) => output).sort()).toEqual(["1.sql is applied", "1.sql was applied before"]);
});

test("neither the password nor a result is in the log", async () => {
  const { output } = await apply({ "1.sql": "select 'a result' as shown;" });
  expect(output).toBe("1.sql is applied");
});
