import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PostgresDatabase } from "../../components/core/handles.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import type { StageDatabases } from "../../components/stage/stage-databases.ts";
import type { Recorder } from "../support/mocks.ts";
import { Sandbox } from "../support/sandbox.ts";
import { type Login, StageDataWorld } from "./support/stage-data.ts";

const SERVICES = { orchestrator: { kind: "orchestrator" } } as const satisfies StageDefinition["services"];
const IMAGE = { reference: "example/stage:1.0" };

/** Shares nothing, and ends transactions that idle for a second. */
const CLEANING: StageDefinition = {
  number: 1,
  name: "cleaning",
  image: IMAGE,
  services: SERVICES,
  database: { idleInTransactionSeconds: 1, extensions: ["pg_trgm"], extra: ["cache"], connectionLimit: 5 },
};
/** Reads a stage before it and one after it. */
const NLP: StageDefinition = {
  number: 2,
  name: "nlp",
  image: IMAGE,
  services: SERVICES,
  stores: ["redis", "postgres", "shared-database"],
  reads: { databases: ["cleaning", "embeddings"] },
  database: { connectionLimit: 5 },
};
const EMBEDDINGS: StageDefinition = {
  number: 3,
  name: "embeddings",
  image: IMAGE,
  services: SERVICES,
  stores: ["postgres", "shared-database"],
  reads: { databases: ["cleaning"] },
};

const sandbox = new Sandbox();
let world: StageDataWorld;
let recorder: Recorder;
let stages: ReadonlyMap<string, StageDatabases>;

beforeAll(async () => {
  world = await StageDataWorld.create(sandbox);
  ({ recorder, stages } = await world.attach([CLEANING, NLP, EMBEDDINGS]));
});
afterAll(() => sandbox.close());

/** What a stage connects to. */
function connections(stage: string): Required<StageDatabases["connections"]> {
  return stages.get(stage)?.connections as Required<StageDatabases["connections"]>;
}

function own(stage: string): PostgresDatabase {
  return connections(stage).database;
}

function reader(stage: string, source: number): PostgresDatabase {
  return connections(stage).readDatabases.get(source) as PostgresDatabase;
}

describe("the database of a stage", () => {
  test("takes its own user", async () => {
    expect(await world.query(own("cleaning"), "select current_user as name")).toEqual([
      { name: "stage1_user" },
    ]);
  });

  test.each(["stage1_cleaning", "stage1_cache", "storytelling_shared"])(
    "%s takes nobody else's",
    async (database) => {
      const stranger = database === "storytelling_shared" ? own("cleaning") : own("nlp");
      await expect(world.query({ ...stranger, database }, "select 1")).rejects.toThrow("permission denied");
    },
  );

  test("has its extensions, and its further databases beside it", async () => {
    expect(await world.query(own("cleaning"), "select similarity('word', 'words') > 0.5 as alike")).toEqual([
      { alike: true },
    ]);
    const cache = connections("cleaning").extraDatabases.get("cache") as PostgresDatabase;
    await world.query(cache, "create table entries ()");
    expect(await world.query(cache, "select current_database() as name, count(*)::int from entries")).toEqual(
      [{ name: "stage1_cache", count: 0 }],
    );
  });

  test("lets in no more than its limit", async () => {
    const clients = [];
    try {
      for (let count = 0; count < 5; count += 1) clients.push(await world.connect(own("cleaning")));
      await expect(world.connect(own("cleaning"))).rejects.toThrow("too many connections");
    } finally {
      for (const client of clients) await client.end();
    }
  });

  test("ends a transaction that does nothing", async () => {
    const client = await world.connect(own("cleaning"));
    const ended = new Promise<Error>((resolve) => client.on("error", resolve));
    await client.query("begin");
    expect(String(await ended)).toMatch(/idle-in-transaction timeout|terminated/);
  }, 10_000);
});

describe("a reader", () => {
  beforeAll(async () => {
    await world.query(
      own("cleaning"),
      "create table texts (id serial primary key, text text); insert into texts (text) values ('first')",
    );
    await world.query(own("embeddings"), "create table vectors as select 3 as dimensions");
  });

  test("sees the tables and sequences that the owner makes after it", async () => {
    expect(await world.query(reader("nlp", 1), "select text from texts")).toEqual([{ text: "first" }]);
    expect(await world.query(reader("nlp", 1), "select last_value::int from texts_id_seq")).toEqual([
      { last_value: 1 },
    ]);
  });

  test("reads a stage with a higher number, and a stage that others read, too", async () => {
    expect(await world.query(reader("nlp", 3), "select * from vectors")).toEqual([{ dimensions: 3 }]);
    expect(await world.query(reader("embeddings", 1), "select text from texts")).toEqual([{ text: "first" }]);
  });

  test.each([
    "insert into texts values (2, 'second')",
    "update texts set text = ''",
    "delete from texts",
    "truncate texts",
    "drop table texts",
    "create table other ()",
    "create schema other",
    "create temporary table other ()",
    "select nextval('texts_id_seq')",
  ])("cannot write: %s", async (sql) => {
    await expect(world.query(reader("nlp", 1), sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  test.each(["stage2_nlp", "stage3_embeddings", "storytelling_shared", "stage1_cache"])(
    "cannot connect to %s",
    async (database) => {
      await expect(world.query({ ...reader("nlp", 1), database }, "select 1")).rejects.toThrow(
        "permission denied",
      );
    },
  );
});

describe("a reader that comes when the tables are there", () => {
  test("sees them at once", async () => {
    await world.query(own("nlp"), "create table words as select 'early' as word");
    const late: StageDefinition = {
      number: 4,
      name: "late",
      image: IMAGE,
      services: SERVICES,
      reads: { databases: ["nlp"] },
    };
    const grown = await world.attach([NLP, EMBEDDINGS, CLEANING, late], "late-");

    const login = grown.stages.get("late")?.connections.readDatabases?.get(2);
    expect(await world.query(login as Login, "select * from words")).toEqual([{ word: "early" }]);
  });
});

describe("the shared database", () => {
  function shared(stage: string): PostgresDatabase {
    return connections(stage).sharedDatabase;
  }

  beforeAll(async () => {
    const run = await sandbox.runToEnd(
      await recorder.resource("docker:index/container:Container", "postgres-shared-init-sql"),
    );
    if (run.exitCode !== 0) throw new Error(run.output);
  });

  test("has the documents of the sources, written by one stage and read by another (000-157)", async () => {
    await world.query(
      shared("nlp"),
      "insert into shared.documents (id, text, stage) values ('d1', 'words', 2)",
    );
    expect(
      await world.query(
        shared("embeddings"),
        "select id, text, stage from shared.documents where id = 'd1' and stage = 2",
      ),
    ).toEqual([{ id: "d1", text: "words", stage: 2 }]);
  });

  test("lets a member read and write what another member made", async () => {
    await world.query(shared("nlp"), "create table shared.topics (id serial, name text)");
    await world.query(
      shared("embeddings"),
      "insert into shared.topics (name) values ('sea'); update shared.topics set name = 'lake'",
    );

    expect(await world.query(shared("nlp"), "select id, name from shared.topics")).toEqual([
      { id: 1, name: "lake" },
    ]);
  });

  test("lets only who made a table alter it", async () => {
    await world.query(shared("nlp"), "create table shared.mine ()");
    await expect(world.query(shared("embeddings"), "drop table shared.mine")).rejects.toThrow(
      "must be owner",
    );
    await expect(world.query(shared("embeddings"), "drop database stage2_nlp")).rejects.toThrow(
      "must be owner",
    );
  });
});
