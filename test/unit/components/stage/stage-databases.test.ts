import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  DatabaseRequest,
  OwnedDatabase,
  PostgresDatabase,
  PostgresServer,
  ReaderRequest,
} from "../../../../components/core/handles.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { createStageDatabases, type StageDatabases } from "../../../../components/stage/stage-databases.ts";
import { startMocks } from "../../../support/mocks.ts";
import { MINIMAL_STAGE } from "./fixtures.ts";

/** Writes down what it is asked for. */
class FakeServer implements PostgresServer {
  public readonly host = "postgres";
  public readonly port = 5432;
  public readonly ready = [];
  public readonly databases: (readonly [name: string, request: DatabaseRequest])[] = [];
  public readonly readers: (readonly [name: string, request: ReaderRequest])[] = [];

  public createDatabase(name: string, request: DatabaseRequest): OwnedDatabase {
    this.databases.push([name, request]);
    const extras = request.extraDatabases ?? [];
    return {
      ...this.handle(request.database, request.owner),
      extraDatabases: new Map(extras.map((extra) => [extra, this.handle(extra, request.owner)])),
      ...(request.sharesData === true ? { sharedDatabase: this.handle("shared", request.owner) } : {}),
      initialized: [],
    };
  }

  public createReader(name: string, request: ReaderRequest): PostgresDatabase {
    this.readers.push([name, request]);
    return this.handle(request.database, request.role);
  }

  private handle(database: string, user: string): PostgresDatabase {
    return { host: this.host, port: this.port, database, user, password: pulumi.secret("hush"), ready: [] };
  }
}

const NLP: StageDefinition = { ...MINIMAL_STAGE, number: 2, name: "nlp" };
const GRAPH: StageDefinition = {
  ...MINIMAL_STAGE,
  number: 5,
  name: "graph",
  database: { user: "graph_owner" },
};

let server: FakeServer;
let folder: string;
beforeEach(async () => {
  await startMocks();
  server = new FakeServer();
  folder = await mkdtemp(join(tmpdir(), "storytelling-stage-databases-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function ask(definition: StageDefinition, enabled = true): StageDatabases {
  const parent = new pulumi.ComponentResource("test:index:Stage", "parent");
  const args = { definition, peers: [definition, NLP, GRAPH], postgres: server, enabled };
  return createStageDatabases("stage4", args, parent);
}

describe("a stage asks the PostgreSQL server", () => {
  test("for a database whose user may open a pool for each container, and idle for ten minutes", () => {
    ask(MINIMAL_STAGE);

    expect(server.databases).toEqual([
      [
        "stage4-database",
        {
          database: "stage4_topic_models",
          owner: "stage4_user",
          connectionLimit: 20,
          idleInTransactionSeconds: 600,
        },
      ],
    ]);
    expect(server.readers).toEqual([]);
  });

  test("for nothing when it does not list the store", () => {
    const { connections, ready } = ask({ ...MINIMAL_STAGE, stores: ["redis"] });

    expect(server.databases).toEqual([]);
    expect(connections).toEqual({ readDatabases: new Map() });
    expect(ready).toEqual([]);
  });

  test("for what its definition names beside it", () => {
    const { connections } = ask({
      ...MINIMAL_STAGE,
      stores: ["postgres", "shared-database"],
      database: { extra: ["cache"], extensions: ["pg_trgm"], idleInTransactionSeconds: 30 },
    });

    expect(server.databases[0]?.[1]).toMatchObject({
      extraDatabases: ["stage4_cache"],
      extensions: ["pg_trgm"],
      idleInTransactionSeconds: 30,
      sharesData: true,
      connectionLimit: 60,
    });
    expect(connections.extraDatabases?.get("cache")).toMatchObject({ database: "stage4_cache" });
    expect(connections.sharedDatabase).toMatchObject({ user: "stage4_user" });
  });

  test("for a role to read each of its sources, before and after it, whatever their names are (C-14)", () => {
    const { connections } = ask({ ...MINIMAL_STAGE, reads: { databases: ["graph", "nlp"] } });
    const limits = { connectionLimit: 20, idleInTransactionSeconds: 600 };

    expect(server.readers).toEqual([
      [
        "stage4-reads-stage2",
        { role: "stage4_reads_stage2", database: "stage2_nlp", owner: "stage2_user", ...limits },
      ],
      [
        "stage4-reads-stage5",
        { role: "stage4_reads_stage5", database: "stage5_graph", owner: "graph_owner", ...limits },
      ],
    ]);
    expect([...(connections.readDatabases?.keys() ?? [])]).toEqual([2, 5]);
  });

  test("to run its SQL in a container of its own, but not while the stage is off", async () => {
    const file = join(folder, "001-tables.sql");
    await writeFile(file, "create table topics ();");
    const definition = { ...MINIMAL_STAGE, database: { initSql: [file] } };
    ask(definition);
    ask(definition, false);

    expect(server.databases.map(([, { initSql }]) => initSql)).toEqual([
      {
        containerName: "storytelling-stage4-init-sql",
        labels: { stage: "4", service: "init-sql", "com.docker.compose.project": "stage4-topic-models" },
        scripts: [{ name: "001-tables.sql", text: "create table topics ();" }],
      },
      undefined,
    ]);
  });
});
