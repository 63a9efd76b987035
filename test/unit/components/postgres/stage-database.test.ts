import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { PostgresDatabase } from "../../../../components/core/handles.ts";
import { Network } from "../../../../components/network/network.ts";
import { Postgres } from "../../../../components/postgres/postgres.ts";
import { type MockOptions, mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";
import { SECRET, UNKNOWN } from "../../../support/wire.ts";

const ROLE = "postgresql:index/role:Role";
const DATABASE = "postgresql:index/database:Database";
const GRANT = "postgresql:index/grant:Grant";
const PASSWORD = "random:index/randomPassword:RandomPassword";

class Owner extends pulumi.ComponentResource {
  public constructor(name: string) {
    super("test:index:Owner", name);
  }
}

interface Server {
  readonly recorder: Recorder;
  readonly postgres: Postgres;
}

async function startServer(options?: MockOptions): Promise<Server> {
  const recorder = await startMocks(options);
  const postgres = new Postgres("postgres", {
    containerName: "storytelling-postgres",
    image: "postgres:17.6",
    network: new Network("shared", { networkName: "storytelling" }),
    limits: { cpus: 1, memory: "1 GB" },
    volumeName: "storytelling-postgres-data",
    adminUser: "storytelling_admin",
    maxConnections: 260,
    published: { host: 5432, address: "127.0.0.1" },
  });
  return { recorder, postgres };
}

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
    const password = await server.recorder.resource(PASSWORD, "cleaning-database-password");
    expect(password.options.protect).toBe(true);
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
