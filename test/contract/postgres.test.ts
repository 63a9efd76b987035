import { Client, type ClientConfig } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { valueOf } from "../support/outputs.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

describe("a real PostgreSQL with the rendered command line", () => {
  const sandbox = new Sandbox();
  const containerName = `${sandbox.prefix}-postgres`;
  const volumeName = sandbox.volumeName("postgres");
  let network: NetworkHandle;
  let server: RunningContainer;
  let password: string;

  async function start(): Promise<RunningContainer> {
    const recorder = await startMocks();
    const postgres = new Postgres("postgres", {
      containerName,
      image: await imageOf("postgres"),
      network,
      limits: { cpus: 1, memory: "512 MB" },
      volumeName,
      adminUser: "platform_admin",
      maxConnections: 123,
      published: { host: 0, address: "127.0.0.1" },
    });
    password = await valueOf(postgres.adminPassword);
    return sandbox.start(await recorder.resource("docker:index/container:Container", "postgres-server"));
  }

  beforeAll(async () => {
    network = await sandbox.createNetwork("net");
    server = await start();
  });
  afterAll(() => sandbox.close());

  /** Rows of a query that comes from the host, over the published port. */
  async function query(sql: string, config: ClientConfig = {}): Promise<Record<string, unknown>[]> {
    const client = new Client({
      host: "127.0.0.1",
      port: server.hostPort(5432),
      user: "platform_admin",
      password,
      database: "postgres",
      ...config,
    });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  test.each([
    ["max_connections", "123"],
    ["shared_buffers", "128MB"],
    ["password_encryption", "scram-sha-256"],
    ["data_checksums", "on"],
  ])("runs with %s = %s", async (setting, value) => {
    expect(await query(`show ${setting}`)).toEqual([{ [setting]: value }]);
  });

  test("has the administrator as a superuser whose password is stored as SCRAM", async () => {
    expect(
      await query(
        "select rolsuper, left(rolpassword, 13) as kind from pg_authid where rolname = current_user",
      ),
    ).toEqual([{ rolsuper: true, kind: "SCRAM-SHA-256" }]);
  });

  test("refuses a wrong password", async () => {
    await expect(query("select 1", { password: "wrong" })).rejects.toThrow("password authentication failed");
  });

  test("keeps the password out of its environment and its log", async () => {
    expect((await server.exec(["env"])).output).not.toContain(password);
    expect(await server.logs()).not.toContain(password);
  });

  test("does not write the password of a role into its log when the role exists already", async () => {
    await expect(query("create role platform_admin password 'leaked-secret'")).rejects.toThrow(
      "already exists",
    );

    expect(await server.logs()).toContain('role "platform_admin" already exists');
    expect(await server.logs()).not.toContain("leaked-secret");
  });

  test("does not run as root", async () => {
    expect((await server.exec(["id", "-un"])).output).toBe("postgres");
  });

  test("keeps rows and password when the container is stopped and replaced", async () => {
    await query("create table kept as select 42 as answer");
    await sandbox.stop(containerName);
    server = await start();

    expect(await query("select answer from kept")).toEqual([{ answer: 42 }]);
    expect(await server.logs()).not.toContain("automatic recovery");
  });
});
