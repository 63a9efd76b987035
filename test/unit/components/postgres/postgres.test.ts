import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Network } from "../../../../components/network/network.ts";
import { Postgres } from "../../../../components/postgres/postgres.ts";
import { mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";
import { SECRET } from "../../../support/wire.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const PROVIDER = "pulumi:providers:postgresql";
const ADMIN_PASSWORD = mockPassword("postgres-admin-password", 32);

describe("Postgres", () => {
  let recorder: Recorder;
  let postgres: Postgres;
  beforeEach(async () => {
    recorder = await startMocks();
    postgres = new Postgres("postgres", {
      containerName: "storytelling-postgres",
      image: "postgres:17.6",
      network: new Network("shared", { networkName: "storytelling" }),
      limits: { cpus: 1, memory: "1 GB" },
      volumeName: "storytelling-postgres-data",
      adminUser: "storytelling_admin",
      maxConnections: 260,
      published: { host: 5432, address: "127.0.0.1" },
    });
  });

  test("creates a volume, a password, a server and a provider below itself", async () => {
    expect(toTree(await recorder.settled()).slice(2)).toEqual([
      "storytelling:postgres:Postgres postgres",
      `  ${CONTAINER} postgres-server`,
      `  ${VOLUME} postgres-data`,
      `  ${PROVIDER} postgres-provider`,
      `  ${PASSWORD} postgres-admin-password`,
    ]);
  });

  test("runs the given image as postgres, published on loopback", async () => {
    expect((await recorder.resource(CONTAINER, "postgres-server")).inputs).toMatchObject({
      name: "storytelling-postgres",
      image: "postgres:17.6",
      user: "postgres",
      command: expect.arrayContaining(["max_connections=260", "shared_buffers=256MB"]),
      capabilities: { drops: ["ALL"], adds: [] },
      networksAdvanced: [{ name: "storytelling", aliases: ["postgres"] }],
      volumes: [
        {
          volumeName: "storytelling-postgres-data",
          containerPath: "/var/lib/postgresql/data",
          readOnly: false,
        },
      ],
      ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1", protocol: "tcp" }],
      destroyGraceSeconds: 60,
    });
  });

  test("is healthy when it answers over TCP, which a half-made cluster does not", async () => {
    expect((await recorder.resource(CONTAINER, "postgres-server")).inputs["healthcheck"]).toEqual({
      tests: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "storytelling_admin", "-d", "postgres"],
      interval: "10s",
      timeout: "5s",
      retries: 5,
      startPeriod: "30s",
    });
  });

  test("gets its password as a file and not as a variable", async () => {
    const server = await recorder.resource(CONTAINER, "postgres-server");

    expect(server.inputs["uploads"]).toEqual([
      { file: "/run/secrets/postgres-password", content: ADMIN_PASSWORD, permissions: "0644" },
    ]);
    expect(server.inputs["envs"]).toEqual([
      "POSTGRES_DB=postgres",
      "POSTGRES_INITDB_ARGS=--data-checksums",
      "POSTGRES_PASSWORD_FILE=/run/secrets/postgres-password",
      "POSTGRES_USER=storytelling_admin",
    ]);
  });

  test("shows the password nowhere", async () => {
    const resources = (await recorder.settled()).map(({ redacted }) => redacted);

    expect(JSON.stringify(resources)).not.toContain(ADMIN_PASSWORD);
    expect((await recorder.resource(PROVIDER, "postgres-provider")).redacted["password"]).toBe(SECRET);
    expect(await pulumi.isSecret(postgres.adminPassword)).toBe(true);
  });

  test("is reached by the program at a static address", async () => {
    expect((await recorder.resource(PROVIDER, "postgres-provider")).inputs).toMatchObject({
      host: "127.0.0.1",
      port: "5432",
      database: "postgres",
      username: "storytelling_admin",
      password: ADMIN_PASSWORD,
      sslmode: "disable",
      superuser: "true",
    });
  });

  test("keeps what a second start needs: the volume and its password", async () => {
    expect((await recorder.resource(VOLUME, "postgres-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
    });
    expect((await recorder.resource(PASSWORD, "postgres-admin-password")).options.protect).toBe(true);
  });

  test("is found by its alias and is ready once the server is", async () => {
    expect(postgres).toMatchObject({ host: "postgres", port: 5432, adminUser: "storytelling_admin" });
    const server = await recorder.resource(CONTAINER, "postgres-server");
    expect(await Promise.all(postgres.ready.map((resource) => valueOf(resource.urn)))).toEqual([server.urn]);
  });
});
