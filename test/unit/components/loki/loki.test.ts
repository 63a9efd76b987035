import { beforeEach, describe, expect, test } from "vitest";
import { toYaml } from "../../../../components/core/yaml.ts";
import { renderLokiConfig } from "../../../../components/loki/loki.config.ts";
import { Loki } from "../../../../components/loki/loki.ts";
import { Network } from "../../../../components/network/network.ts";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";

describe("Loki", () => {
  let recorder: Recorder;
  let loki: Loki;
  beforeEach(async () => {
    recorder = await startMocks();
    loki = new Loki("logs", {
      containerName: "storytelling-loki",
      volumeName: "storytelling-loki-data",
      image: "grafana/loki:3.7.8",
      network: new Network("shared", { networkName: "storytelling" }),
      limits: { cpus: 0.5, memory: "512 MB" },
      retention: "168h",
      metrics: { scrapeLabels },
    });
  });

  test("creates a volume and a server below itself", async () => {
    expect(new Set(toTree(await recorder.settled()))).toEqual(
      new Set([
        "storytelling:network:Network shared",
        "  docker:index/network:Network shared-bridge",
        "storytelling:loki:Loki logs",
        `  ${CONTAINER} logs-server`,
        `  ${VOLUME} logs-data`,
      ]),
    );
  });

  test("runs the given image with its file, nothing published, within its memory", async () => {
    const config = renderLokiConfig({ port: 3100, dataPath: "/loki", retention: "168h" });

    expect((await recorder.resource(CONTAINER, "logs-server")).inputs).toMatchObject({
      name: "storytelling-loki",
      image: "grafana/loki:3.7.8",
      command: ["-config.file=/etc/loki/config.yaml"],
      envs: ["GOMEMLIMIT=460MiB"],
      memory: 512,
      networksAdvanced: [{ name: "storytelling", aliases: ["loki"] }],
      uploads: [{ file: "/etc/loki/config.yaml", content: toYaml(config), permissions: "0644" }],
      volumes: [{ volumeName: "storytelling-loki-data", containerPath: "/loki", readOnly: false }],
      ports: [],
      capabilities: { drops: ["ALL"], adds: [] },
      destroyGraceSeconds: 30,
    });
  });

  test("asks itself, because its image has no shell", async () => {
    expect((await recorder.resource(CONTAINER, "logs-server")).inputs["healthcheck"]).toMatchObject({
      tests: ["CMD", "/usr/bin/loki", "-health"],
    });
  });

  test("is collected from as service loki", async () => {
    expect(labelsOf(await recorder.resource(CONTAINER, "logs-server"))).toMatchObject({
      service: "loki",
      ...scrapeLabels({ job: "loki", port: 3100, path: "/metrics", network: "storytelling" }),
    });
  });

  test("keeps its data when it is destroyed", async () => {
    expect((await recorder.resource(VOLUME, "logs-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["labels"],
    });
  });

  test("starts after the network and the volume", async () => {
    const server = await recorder.resource(CONTAINER, "logs-server");
    const network = await recorder.resource("docker:index/network:Network", "shared-bridge");
    const volume = await recorder.resource(VOLUME, "logs-data");

    expect(new Set(server.options.dependencies)).toEqual(new Set([network.urn, volume.urn]));
  });

  test("takes logs by OTLP and is ready once the server is", async () => {
    expect(loki).toMatchObject({ url: "http://loki:3100", otlpUrl: "http://loki:3100/otlp" });
    const ready = await Promise.all(loki.ready.map((resource) => valueOf(resource.urn)));
    expect(ready).toEqual([(await recorder.resource(CONTAINER, "logs-server")).urn]);
  });
});
