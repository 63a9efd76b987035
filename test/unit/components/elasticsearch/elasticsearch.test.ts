import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Elasticsearch } from "../../../../components/elasticsearch/elasticsearch.ts";
import { mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const PASSWORD = mockPassword("elasticsearch-password", 32);

describe("Elasticsearch", () => {
  let recorder: Recorder;
  let store: Elasticsearch;
  beforeEach(async () => {
    recorder = await startMocks();
    store = new Elasticsearch("elasticsearch", {
      containerName: "storytelling-elasticsearch",
      volumeName: "storytelling-elasticsearch-data",
      image: "elasticsearch:8.19.15",
      network: { name: "storytelling", ready: [] },
      limits: { cpus: 1, memory: "2 GB" },
    });
  });

  test("is a server with a volume and a password", async () => {
    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:elasticsearch:Elasticsearch elasticsearch",
      `  ${CONTAINER} elasticsearch-server`,
      "  docker:index/volume:Volume elasticsearch-data",
      "  random:index/randomPassword:RandomPassword elasticsearch-password",
    ]);
  });

  test("is one node with half of its memory as heap, found under its alias and published nowhere", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "elasticsearch-server");

    expect(inputs).toMatchObject({
      networksAdvanced: [{ name: "storytelling", aliases: ["elasticsearch"] }],
      volumes: [
        {
          volumeName: "storytelling-elasticsearch-data",
          containerPath: "/usr/share/elasticsearch/data",
          readOnly: false,
        },
      ],
      ports: [],
      envs: expect.arrayContaining([
        "discovery.type=single-node",
        "ES_JAVA_OPTS=-Xms1024m -Xmx1024m",
        "xpack.security.enabled=true",
        "xpack.security.http.ssl.enabled=false",
      ]),
    });
    expect(store).toMatchObject({ url: "http://elasticsearch:9200", user: "elastic" });
  });

  test("is healthy once its cluster of one is yellow, asked with the password of its environment", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "elasticsearch-server");
    const { tests } = inputs["healthcheck"] as { tests: string[] };

    expect(tests.slice(0, 3)).toEqual(["CMD", "bash", "-c"]);
    expect(tests[3]).toContain('--fail --user "elastic:$ELASTIC_PASSWORD"');
    expect(tests[3]).toContain("http://localhost:9200/_cluster/health?wait_for_status=yellow");
    expect(inputs["waitTimeout"]).toBeGreaterThanOrEqual(120);
  });

  test("keeps its data and its password, and shows the password nowhere", async () => {
    for (const name of ["elasticsearch-data", "elasticsearch-password"]) {
      const resource = (await recorder.settled()).find((each) => each.name === name);
      expect(resource?.options.protect).toBe(true);
    }
    const shown = (await recorder.settled()).map(({ redacted }) => redacted);
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
    expect(await pulumi.isSecret(store.password)).toBe(true);
  });
});
