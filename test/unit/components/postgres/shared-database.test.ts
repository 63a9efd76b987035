import { describe, expect, test } from "vitest";
import type { OwnedDatabase } from "../../../../components/core/handles.ts";
import { mockPassword } from "../../../support/mocks.ts";
import {
  CONTAINER,
  DEFAULTS,
  GRANT,
  Owner,
  orderInServer,
  ROLE,
  type Server,
  startServer,
} from "./fixtures.ts";

function createMember({ postgres }: Server, number: number, sharesData = true): OwnedDatabase {
  return postgres.createDatabase(
    `stage${number}-database`,
    { database: `stage${number}_texts`, owner: `stage${number}_user`, sharesData },
    new Owner(`stage${number}`),
  );
}

describe("the database that stages share", () => {
  test("is not made as long as nobody takes part", async () => {
    const server = await startServer();
    createMember(server, 1, false);

    expect((await orderInServer(server)).filter((name) => name.includes("shared"))).toEqual([]);
  });

  test("is made once, before the first member, in an order that the server takes", async () => {
    const server = await startServer();
    createMember(server, 2);
    createMember(server, 3);

    const order = await orderInServer(server);
    expect(order.slice(0, 12)).toEqual([
      "postgres-shared-members",
      "postgres-shared-owner",
      "postgres-shared-database",
      "postgres-shared-privacy",
      "postgres-shared-connect",
      "postgres-shared-schema",
      "postgres-shared-now-schema",
      "postgres-shared-now-table",
      "postgres-shared-now-sequence",
      "postgres-shared-later-table",
      "postgres-shared-later-sequence",
      "stage2-database-owner",
    ]);
    expect(order.filter((name) => name.startsWith("postgres-shared-"))).toHaveLength(11);
  });

  test("belongs to a role of its own, and its members connect as one group that cannot log in (C-13)", async () => {
    const server = await startServer();
    createMember(server, 2);

    expect((await server.recorder.resource(ROLE, "postgres-shared-members")).inputs).toEqual({
      name: "storytelling_shared",
      login: false,
    });
    expect((await server.recorder.resource(ROLE, "postgres-shared-owner")).inputs).toMatchObject({
      name: "storytelling_shared_owner",
      password: mockPassword("postgres-shared-password", 32),
    });
    expect((await server.recorder.resource(ROLE, "stage2-database-owner")).inputs["roles"]).toEqual([
      "storytelling_shared",
    ]);
    expect((await server.recorder.resource(GRANT, "postgres-shared-connect")).inputs).toEqual({
      database: "storytelling_shared",
      role: "storytelling_shared",
      objectType: "database",
      privileges: ["CONNECT"],
    });
  });

  test("gives all members what any of them makes (000-159)", async () => {
    const server = await startServer();
    const member = createMember(server, 2);

    for (const objectType of ["table", "sequence"]) {
      const { inputs } = await server.recorder.resource(
        DEFAULTS,
        `stage2-database-shared-later-${objectType}`,
      );
      expect(inputs).toEqual({
        database: "storytelling_shared",
        schema: "shared",
        owner: "stage2_user",
        role: "storytelling_shared",
        objectType,
        privileges: ["ALL"],
      });
    }
    expect(member.sharedDatabase).toMatchObject({
      host: "postgres",
      database: "storytelling_shared",
      user: "stage2_user",
      password: member.password,
    });
  });

  test("gets the documents of the sources by SQL of its own, for which its members wait (000-157)", async () => {
    const server = await startServer();
    const { initialized } = createMember(server, 2);
    const run = await server.recorder.resource(CONTAINER, "postgres-shared-init-sql");

    expect(run.inputs["name"]).toBe("storytelling-postgres-shared-init-sql");
    expect(JSON.stringify(run.inputs["uploads"])).toContain("create table shared.documents");
    expect(initialized).toHaveLength(1);
  });
});
