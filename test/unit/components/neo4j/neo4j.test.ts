import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Neo4j } from "../../../../components/neo4j/neo4j.ts";
import { mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const PASSWORD = mockPassword("neo4j-password", 32);

describe("Neo4j", () => {
  let recorder: Recorder;
  let store: Neo4j;
  beforeEach(async () => {
    recorder = await startMocks();
    store = new Neo4j("neo4j", {
      containerName: "storytelling-neo4j",
      volumeName: "storytelling-neo4j-data",
      image: "neo4j:5.26.21-community",
      network: { name: "storytelling", ready: [] },
      limits: { cpus: 1, memory: "2 GB" },
    });
  });

  test("is a server with a volume and a password", async () => {
    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:neo4j:Neo4j neo4j",
      `  ${CONTAINER} neo4j-server`,
      "  docker:index/volume:Volume neo4j-data",
      "  random:index/randomPassword:RandomPassword neo4j-password",
    ]);
  });

  test("shares its memory between heap and graph, found under its alias and published nowhere", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "neo4j-server");

    expect(inputs).toMatchObject({
      user: "neo4j",
      networksAdvanced: [{ name: "storytelling", aliases: ["neo4j"] }],
      volumes: [{ volumeName: "storytelling-neo4j-data", containerPath: "/data", readOnly: false }],
      ports: [],
      envs: expect.arrayContaining([
        "NEO4J_server_memory_heap_initial__size=1024m",
        "NEO4J_server_memory_heap_max__size=1024m",
        "NEO4J_server_memory_pagecache_size=512m",
        "NEO4J_dbms_usage__report_enabled=false",
      ]),
    });
    expect(store).toMatchObject({ url: "bolt://neo4j:7687", user: "neo4j" });
  });

  test("gets user and password as a file (000-032, 000-033)", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "neo4j-server");

    expect(inputs["envs"]).toContain("NEO4J_AUTH_PATH=/run/secrets/neo4j-auth");
    expect(inputs["uploads"]).toEqual([
      { file: "/run/secrets/neo4j-auth", content: `neo4j/${PASSWORD}`, permissions: "0644" },
    ]);
  });

  test("keeps its data and its password, and shows the password nowhere", async () => {
    for (const name of ["neo4j-data", "neo4j-password"]) {
      const resource = (await recorder.settled()).find((each) => each.name === name);
      expect(resource?.options.protect).toBe(true);
    }
    const shown = (await recorder.settled()).map(({ redacted }) => redacted);
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
    expect(await pulumi.isSecret(store.password)).toBe(true);
  });
});
