import { beforeEach, describe, expect, test } from "vitest";
import { toYaml } from "../../../../components/core/yaml.ts";
import { Network } from "../../../../components/network/network.ts";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";
import { renderTempoConfig } from "../../../../components/tempo/tempo.config.ts";
import { Tempo } from "../../../../components/tempo/tempo.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const REMOTE_WRITE_URL = "http://prometheus:9090/api/v1/write";

describe("Tempo", () => {
  let recorder: Recorder;
  let tempo: Tempo;
  beforeEach(async () => {
    recorder = await startMocks();
    tempo = new Tempo("traces", {
      containerName: "storytelling-tempo",
      volumeName: "storytelling-tempo-data",
      image: "grafana/tempo:2.9.0",
      network: new Network("shared", { networkName: "storytelling" }),
      observabilityNetwork: new Network("observability", { networkName: "observability-storytelling" }),
      limits: { cpus: 0.5, memory: "512 MB" },
      retention: "168h",
      metrics: { scrapeLabels },
      metricsSink: { url: "http://prometheus:9090", remoteWriteUrl: REMOTE_WRITE_URL, ready: [] },
    });
  });

  test("creates a volume and a server below itself", async () => {
    expect(new Set(toTree(await recorder.settled()))).toEqual(
      new Set([
        "storytelling:network:Network shared",
        "  docker:index/network:Network shared-bridge",
        "storytelling:network:Network observability",
        "  docker:index/network:Network observability-bridge",
        "storytelling:tempo:Tempo traces",
        `  ${CONTAINER} traces-server`,
        `  ${VOLUME} traces-data`,
      ]),
    );
  });

  test("runs the given image with its file, nothing published, within its memory", async () => {
    const config = renderTempoConfig({
      httpAddress: "tempo-query",
      httpPort: 3200,
      otlpGrpcPort: 4317,
      otlpHttpPort: 4318,
      dataPath: "/var/tempo",
      retention: "168h",
      remoteWriteUrl: REMOTE_WRITE_URL,
    });

    expect((await recorder.resource(CONTAINER, "traces-server")).inputs).toMatchObject({
      name: "storytelling-tempo",
      image: "grafana/tempo:2.9.0",
      command: ["-config.file=/etc/tempo/config.yaml"],
      envs: ["GOMEMLIMIT=460MiB"],
      memory: 512,
      networksAdvanced: [
        { name: "storytelling", aliases: ["tempo"] },
        { name: "observability-storytelling", aliases: ["tempo-query"] },
      ],
      user: "10001:10001",
      uploads: [{ file: "/etc/tempo/config.yaml", content: toYaml(config), permissions: "0644" }],
      volumes: [{ volumeName: "storytelling-tempo-data", containerPath: "/var/tempo", readOnly: false }],
      ports: [],
      capabilities: { drops: ["ALL"], adds: [] },
      destroyGraceSeconds: 10,
    });
  });

  test("is not waited for, because its image has nothing to ask with", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "traces-server");

    expect(inputs).toMatchObject({ wait: false });
    expect(inputs).not.toHaveProperty("healthcheck");
  });

  test("is collected from as service tempo", async () => {
    expect(labelsOf(await recorder.resource(CONTAINER, "traces-server"))).toMatchObject({
      service: "tempo",
      ...scrapeLabels({
        job: "tempo",
        port: 3200,
        path: "/metrics",
        network: "observability-storytelling",
      }),
    });
  });

  test("keeps its data when it is destroyed", async () => {
    expect((await recorder.resource(VOLUME, "traces-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["labels"],
    });
  });

  test("starts after the networks and the volume", async () => {
    const server = await recorder.resource(CONTAINER, "traces-server");
    const network = await recorder.resource("docker:index/network:Network", "shared-bridge");
    const observability = await recorder.resource("docker:index/network:Network", "observability-bridge");
    const volume = await recorder.resource(VOLUME, "traces-data");

    expect(new Set(server.options.dependencies)).toEqual(
      new Set([network.urn, observability.urn, volume.urn]),
    );
  });

  test("takes spans at the sources' address, is asked at another, and is ready once the server runs", async () => {
    expect(tempo).toMatchObject({ url: "http://tempo-query:3200", otlp: { url: "http://tempo:4317" } });
    const ready = await Promise.all(tempo.ready.map((resource) => valueOf(resource.urn)));
    expect(ready).toEqual([(await recorder.resource(CONTAINER, "traces-server")).urn]);
  });
});
