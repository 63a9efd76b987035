import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { PostgresDatabase } from "../../../../components/core/handles.ts";
import { mockPassword } from "../../../support/mocks.ts";
import { toTree } from "../../../support/tree.ts";
import { SECRET } from "../../../support/wire.ts";
import {
  DEFAULTS,
  GRANT,
  Owner,
  orderInServer,
  PASSWORD,
  ROLE,
  type Server,
  startServer,
} from "./fixtures.ts";

function createDatabase({ postgres }: Server, number: number): PostgresDatabase {
  const request = { database: `stage${number}_texts`, owner: `stage${number}_user` };
  return postgres.createDatabase(`stage${number}-database`, request, new Owner(`stage${number}`));
}

function createReader({ postgres }: Server, reader: number, source: number): PostgresDatabase {
  return postgres.createReader(
    `stage${reader}-reads-stage${source}`,
    {
      role: `stage${reader}_reads_stage${source}`,
      database: `stage${source}_texts`,
      owner: `stage${source}_user`,
      connectionLimit: 20,
      idleInTransactionSeconds: 600,
    },
    new Owner(`reader${reader}`),
  );
}

/** Without the number of the stage, which only tells the readers apart. */
const GRANTS = ["connect", "now-schema", "now-table", "now-sequence", "later-table", "later-sequence"];

describe("a reader of another stage's database", () => {
  test("is a role with a password of its own and what it may read, below the stage that reads", async () => {
    const server = await startServer();
    createDatabase(server, 1);
    createReader(server, 2, 1);

    const tree = toTree(await server.recorder.settled());
    const start = tree.findIndex((line) => line.includes("DatabaseReader"));
    expect(tree.slice(start, start + 9)).toEqual([
      "  storytelling:postgres:DatabaseReader stage2-reads-stage1",
      `    ${DEFAULTS} stage2-reads-stage1-later-sequence`,
      `    ${DEFAULTS} stage2-reads-stage1-later-table`,
      `    ${GRANT} stage2-reads-stage1-connect`,
      `    ${GRANT} stage2-reads-stage1-now-schema`,
      `    ${GRANT} stage2-reads-stage1-now-sequence`,
      `    ${GRANT} stage2-reads-stage1-now-table`,
      `    ${ROLE} stage2-reads-stage1-role`,
      `    ${PASSWORD} stage2-reads-stage1-password`,
    ]);
  });

  test("logs in within limits, with a password that nothing shows", async () => {
    const server = await startServer();
    createDatabase(server, 1);
    const reader = createReader(server, 2, 1);
    const role = await server.recorder.resource(ROLE, "stage2-reads-stage1-role");

    expect(role.inputs).toEqual({
      name: "stage2_reads_stage1",
      login: true,
      password: mockPassword("stage2-reads-stage1-password", 32),
      connectionLimit: 20,
      idleInTransactionSessionTimeout: 600_000,
    });
    expect(role.redacted["password"]).toBe(SECRET);
    expect(await pulumi.isSecret(reader.password)).toBe(true);
  });

  test("reads the tables of now and those that the owner makes later, and gets no other privilege", async () => {
    const server = await startServer();
    createDatabase(server, 1);
    createReader(server, 2, 1);
    const inputs = async (type: string, name: string) =>
      (await server.recorder.resource(type, `stage2-reads-stage1-${name}`)).inputs;
    const where = { database: "stage1_texts", role: "stage2_reads_stage1" };

    expect(await inputs(GRANT, "connect")).toEqual({
      ...where,
      objectType: "database",
      privileges: ["CONNECT"],
    });
    expect(await inputs(GRANT, "now-schema")).toEqual({
      ...where,
      schema: "public",
      objectType: "schema",
      privileges: ["USAGE"],
    });
    for (const objectType of ["table", "sequence"]) {
      const reading = { ...where, schema: "public", objectType, privileges: ["SELECT"] };
      expect(await inputs(GRANT, `now-${objectType}`)).toEqual(reading);
      expect(await inputs(DEFAULTS, `later-${objectType}`)).toEqual({ ...reading, owner: "stage1_user" });
    }
  });

  test("is kept by a `destroy`, and gone with the volume", async () => {
    const server = await startServer();
    createDatabase(server, 1);
    createReader(server, 2, 1);
    const volume = await server.recorder.resource("docker:index/volume:Volume", "postgres-data");
    const made = (await server.recorder.settled()).filter(
      ({ name, type }) => name.startsWith("stage2-reads") && type.startsWith("postgresql:"),
    );

    expect(made).toHaveLength(7);
    for (const { options } of made) expect(options).toMatchObject({ protect: true, deletedWith: volume.urn });
  });

  test.each([
    ["before its database", createReaderFirst],
    ["after its database", createDatabaseFirst],
  ])("may be asked for %s: its privileges come after it, one after the other", async (_when, create) => {
    const server = await startServer();
    create(server);

    const order = (await orderInServer(server)).filter((name) => !name.endsWith("-role"));
    expect(order).toEqual([
      "stage3-database-owner",
      "stage3-database-database",
      "stage3-database-privacy",
      ...GRANTS.map((grant) => `stage2-reads-stage3-${grant}`),
    ]);
  });

  test("comes after the readers of the same database before it", async () => {
    const server = await startServer();
    createReader(server, 2, 1);
    createReader(server, 3, 1);
    createDatabase(server, 1);

    expect(
      (await orderInServer(server)).filter((name) => name.includes("reads") && !name.endsWith("-role")),
    ).toEqual([2, 3].flatMap((reader) => GRANTS.map((grant) => `stage${reader}-reads-stage1-${grant}`)));
  });

  test("does not keep two stages that read each other waiting", async () => {
    const server = await startServer();
    createDatabase(server, 1);
    createReader(server, 1, 2);
    createDatabase(server, 2);
    createReader(server, 2, 1);

    expect(await orderInServer(server)).toHaveLength(20);
  });

  test("is fully planned in a preview", async () => {
    const server = await startServer({ preview: true });
    createReader(server, 2, 3);
    createDatabase(server, 3);

    expect((await server.recorder.resource(GRANT, "stage2-reads-stage3-connect")).inputs).toMatchObject({
      database: "stage3_texts",
    });
  });
});

function createReaderFirst(server: Server): void {
  createReader(server, 2, 3);
  createDatabase(server, 3);
}

function createDatabaseFirst(server: Server): void {
  createDatabase(server, 3);
  createReader(server, 2, 3);
}
