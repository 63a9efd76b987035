import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { storesEnvironment } from "../../../../../components/stage/environment/stores.ts";
import { startMocks } from "../../../../support/mocks.ts";
import { valueOf } from "../../../../support/outputs.ts";

const NOTHING = {
  broker: { host: "redis-broker", port: 6379, databases: 32, ready: [] },
  cache: { host: "redis-cache", port: 6379, databases: 32, ready: [] },
  peers: [],
};

beforeEach(async () => {
  await startMocks();
});

test("a stage that lists none of the optional stores gets no variable of them", () => {
  expect(storesEnvironment(NOTHING)).toEqual({});
});

test("Elasticsearch is a URL, a user and a password (000-030)", async () => {
  const documents = {
    url: "http://elasticsearch:9200",
    user: "elastic",
    password: pulumi.secret("hush"),
    ready: [],
  };
  expect(await valueOf(storesEnvironment({ ...NOTHING, documents }))).toEqual({
    ELASTICSEARCH_URL: "http://elasticsearch:9200",
    ELASTICSEARCH_USER: "elastic",
    ELASTICSEARCH_PASSWORD: "hush",
  });
});

test("Neo4j is a URL, a user and a password (000-031 to 000-033)", async () => {
  const graph = { url: "bolt://neo4j:7687", user: "neo4j", password: pulumi.secret("hush"), ready: [] };

  expect(await valueOf(storesEnvironment({ ...NOTHING, graph }))).toEqual({
    NEO4J_URL: "bolt://neo4j:7687",
    NEO4J_USER: "neo4j",
    NEO4J_PASSWORD: "hush",
  });
});
