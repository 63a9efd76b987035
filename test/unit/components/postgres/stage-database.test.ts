import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { PostgresDatabase } from "../../../../components/core/handles.ts";
import { mockPassword } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";
import { SECRET, UNKNOWN } from "../../../support/wire.ts";
import {
  CONTAINER,
  DATABASE,
  GRANT,
  Owner,
  orderInServer,
  PASSWORD,
  ROLE,
  type Server,
  startServer,
} from "./fixtures.ts";

function createCleaning({ postgres }: Server, password?: pulumi.Output<string>): PostgresDatabase {
  return postgres.createDatabase(
    "cleaning-database",
    {
      database: "stage1_cleaning",
      owner: "stage1_user",
      connectionLimit: 30,
      ...(password === undefined ? {} : { password }),
    },
    new Owner("cleaning"),
  );
}

describe("a stage's database", () => {
  test("is a role, its database and a closed door, below the stage", async () => {
    const server = await startServer();
    createCleaning(server);

    expect(toTree(await server.recorder.settled()).slice(-6)).toEqual([
      "test:index:Owner cleaning",
      "  storytelling:postgres:StageDatabase cleaning-database",
      `    ${DATABASE} cleaning-database-database`,
      `    ${GRANT} cleaning-database-privacy`,
      `    ${ROLE} cleaning-database-owner`,
      `    ${PASSWORD} cleaning-database-password`,
    ]);
  });

  test("belongs to a role that logs in with the generated password", async () => {
    const server = await startServer();
    createCleaning(server);

    expect((await server.recorder.resource(ROLE, "cleaning-database-owner")).inputs).toEqual({
      name: "stage1_user",
      login: true,
      password: mockPassword("cleaning-database-password", 32),
      connectionLimit: 30,
    });
    expect((await server.recorder.resource(DATABASE, "cleaning-database-database")).inputs).toEqual({
      name: "stage1_cleaning",
      owner: "stage1_user",
    });
  });

  test("lets nobody else connect", async () => {
    const server = await startServer();
    createCleaning(server);

    expect((await server.recorder.resource(GRANT, "cleaning-database-privacy")).inputs).toEqual({
      database: "stage1_cleaning",
      role: "public",
      objectType: "database",
      privileges: [],
    });
  });

  test("has a password that fits into a URL as it is", async () => {
    const server = await startServer();
    createCleaning(server);

    expect((await server.recorder.resource(PASSWORD, "cleaning-database-password")).inputs).toEqual({
      length: 32,
      special: false,
    });
  });

  test("takes a given password, and generates none", async () => {
    const server = await startServer();
    createCleaning(server, pulumi.secret("given-password"));

    const role = await server.recorder.resource(ROLE, "cleaning-database-owner");
    expect(role.inputs["password"]).toBe("given-password");
    expect((await server.recorder.ofType(PASSWORD)).map(({ name }) => name)).toEqual([
      "postgres-admin-password",
    ]);
  });

  test.each([
    ["a generated password", undefined, mockPassword("cleaning-database-password", 32)],
    ["a given password that was not marked secret", pulumi.output("given-password"), "given-password"],
  ])("shows %s nowhere", async (_what, given, password) => {
    const server = await startServer();
    const database = createCleaning(server, given);

    const redacted = (await server.recorder.settled()).map((resource) => resource.redacted);
    expect(JSON.stringify(redacted)).not.toContain(password);
    const role = await server.recorder.resource(ROLE, "cleaning-database-owner");
    expect(role.redacted["password"]).toBe(SECRET);
    expect(await pulumi.isSecret(database.password)).toBe(true);
    expect(await valueOf(database.password)).toBe(password);
  });

  test("keeps everything that a `destroy` must not take, as long as the volume is there", async () => {
    const server = await startServer();
    createCleaning(server);
    const volume = await server.recorder.resource("docker:index/volume:Volume", "postgres-data");

    for (const type of [ROLE, DATABASE, GRANT]) {
      const [resource] = await server.recorder.ofType(type);
      expect(resource?.options).toMatchObject({ protect: true, deletedWith: volume.urn });
    }
  });

  test("has a password that can be replaced, because the role takes another one at any time", async () => {
    const server = await startServer();
    createCleaning(server);

    const password = await server.recorder.resource(PASSWORD, "cleaning-database-password");
    expect(password.options.protect).toBe(false);
  });

  test("hangs on no container and no network, which `destroy` would otherwise have to keep", async () => {
    const server = await startServer();
    createCleaning(server);
    const resources = await server.recorder.settled();
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const kept = new Set<string>();
    const keep = (urn: string | undefined): void => {
      const resource = urn === undefined ? undefined : byUrn.get(urn);
      if (resource === undefined || kept.has(resource.urn)) return;
      kept.add(resource.urn);
      const provider = resource.options.provider?.split("::").slice(0, -1).join("::");
      for (const next of [...resource.options.dependencies, resource.options.parent, provider]) keep(next);
    };
    for (const resource of resources) if (resource.options.protect) keep(resource.urn);

    const types = new Set([...kept].map((urn) => byUrn.get(urn)?.type));
    expect(types).toContain("pulumi:providers:postgresql");
    expect(types).not.toContain("docker:index/container:Container");
    expect(types).not.toContain("docker:index/network:Network");
  });

  test("is made by the server's own provider, after the server and after the database before it", async () => {
    const server = await startServer();
    createCleaning(server);
    server.postgres.createDatabase(
      "nlp-database",
      { database: "stage2_nlp", owner: "stage2_user" },
      new Owner("nlp"),
    );

    const order = (await server.recorder.settled())
      .filter(({ type }) => type.startsWith("postgresql:") || type.endsWith(":Container"))
      .map(({ name }) => name);
    expect(order).toEqual([
      "postgres-server",
      "cleaning-database-owner",
      "cleaning-database-database",
      "cleaning-database-privacy",
      "nlp-database-owner",
      "nlp-database-database",
      "nlp-database-privacy",
    ]);
    const provider = await server.recorder.resource("pulumi:providers:postgresql", "postgres-provider");
    const role = await server.recorder.resource(ROLE, "nlp-database-owner");
    expect(role.options.provider).toBe(`${provider.urn}::postgres-provider-id`);
  });

  test("tells its clients where it is, and is ready once the door is closed", async () => {
    const server = await startServer();
    const database = createCleaning(server);

    expect(database).toMatchObject({
      host: "postgres",
      port: 5432,
      database: "stage1_cleaning",
      user: "stage1_user",
    });
    const privacy = await server.recorder.resource(GRANT, "cleaning-database-privacy");
    expect(await Promise.all(database.ready.map((resource) => valueOf(resource.urn)))).toEqual([privacy.urn]);
  });

  test("is fully planned in a preview, which knows no password", async () => {
    const server = await startServer({ preview: true });
    createCleaning(server);

    const role = await server.recorder.resource(ROLE, "cleaning-database-owner");
    expect(role.inputs).toMatchObject({ name: "stage1_user", password: UNKNOWN });
    expect(await server.recorder.ofType(GRANT)).toHaveLength(1);
  });
});

describe("what a stage may ask for beside its database", () => {
  function createFull({ postgres }: Server) {
    return postgres.createDatabase(
      "cleaning-database",
      {
        database: "stage1_cleaning",
        owner: "stage1_user",
        idleInTransactionSeconds: 600,
        extraDatabases: ["stage1_cache", "stage1_registry"],
        extensions: ["pg_trgm"],
        initSql: {
          containerName: "storytelling-stage1-init-sql",
          labels: { stage: "1" },
          scripts: [{ name: "1.sql", text: "select 1" }],
        },
      },
      new Owner("cleaning"),
    );
  }

  test("its transactions may idle for so long, in the server's milliseconds", async () => {
    const server = await startServer();
    createFull(server);

    expect((await server.recorder.resource(ROLE, "cleaning-database-owner")).inputs).toMatchObject({
      idleInTransactionSessionTimeout: 600_000,
    });
  });

  test("further databases are its owner's alone, made one after the other", async () => {
    const server = await startServer();
    const { extraDatabases } = createFull(server);

    expect(extraDatabases.get("stage1_registry")).toMatchObject({
      host: "postgres",
      database: "stage1_registry",
      user: "stage1_user",
    });
    const names = await orderInServer(server);
    expect(names.filter((name) => name.includes("stage1_"))).toEqual([
      "cleaning-database-stage1_cache",
      "cleaning-database-stage1_cache-privacy",
      "cleaning-database-stage1_registry",
      "cleaning-database-stage1_registry-privacy",
    ]);
    const privacy = await server.recorder.resource(GRANT, "cleaning-database-stage1_cache-privacy");
    expect(privacy.inputs).toMatchObject({ database: "stage1_cache", role: "public", privileges: [] });
  });

  test("extensions are in the stage's own database, protected like it", async () => {
    const server = await startServer();
    createFull(server);
    const extension = await server.recorder.resource(
      "postgresql:index/extension:Extension",
      "cleaning-database-extension-pg_trgm",
    );

    expect(extension.inputs).toEqual({ name: "pg_trgm", database: "stage1_cleaning" });
    expect(extension.options.protect).toBe(true);
  });

  test("SQL runs in a container that ends, as the owner, with the password out of sight", async () => {
    const server = await startServer();
    createFull(server);
    const run = await server.recorder.resource(CONTAINER, "cleaning-database-init-sql");

    expect(run.inputs).toMatchObject({
      name: "storytelling-stage1-init-sql",
      image: "postgres:17.6",
      attach: true,
      mustRun: false,
      restart: "no",
      user: "postgres",
      uploads: [{ file: "/init-sql/apply.sql" }, { file: "/init-sql/1.sql", content: "select 1" }],
      labels: expect.arrayContaining([{ label: "storytelling.database", value: "stage1_cleaning" }]),
    });
    expect(run.inputs["envs"]).toEqual(
      expect.arrayContaining(["PGHOST=postgres", "PGUSER=stage1_user", "PGDATABASE=stage1_cleaning"]),
    );
    expect(JSON.stringify(run.redacted)).not.toContain(mockPassword("cleaning-database-password", 32));
  });

  test("SQL waits for the database, and who uses its tables waits for the SQL", async () => {
    const server = await startServer();
    const { initialized } = createFull(server);
    const run = await server.recorder.resource(CONTAINER, "cleaning-database-init-sql");
    const privacy = await server.recorder.resource(GRANT, "cleaning-database-privacy");

    expect(run.options.dependencies).toContain(privacy.urn);
    const [awaited] = await Promise.all(initialized);
    expect(await valueOf(awaited?.urn ?? "")).toBe(run.urn);
  });
});
