import { beforeEach, describe, expect, test } from "vitest";
import { toYaml } from "../../../../components/core/yaml.ts";
import { DockerApi } from "../../../../components/docker-api/docker-api.ts";
import { Network } from "../../../../components/network/network.ts";
import { renderPrometheusConfig } from "../../../../components/prometheus/prometheus.config.ts";
import { Prometheus } from "../../../../components/prometheus/prometheus.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const NETWORK = "docker:index/network:Network";

describe("Prometheus", () => {
  let recorder: Recorder;
  let prometheus: Prometheus;
  beforeEach(async () => {
    recorder = await startMocks();
    const network = new Network("shared", { networkName: "storytelling" });
    const opsNetwork = new Network("ops", { networkName: "storytelling-ops", internal: true });
    const limits = { cpus: 0.5, memory: "512 MB" } as const;
    prometheus = new Prometheus("metrics", {
      containerName: "storytelling-prometheus",
      volumeName: "storytelling-prometheus-data",
      image: "prom/prometheus:v3.13.4",
      network,
      observabilityNetwork: new Network("observability", { networkName: "observability-storytelling" }),
      opsNetwork,
      dockerApi: new DockerApi("docker-api", {
        containerName: "storytelling-docker-api",
        image: "haproxy:3.0",
        network: opsNetwork,
        limits,
      }),
      published: { host: 9090, address: "127.0.0.1" },
      limits,
      retention: { time: "360h", size: "2 GB" },
      scrapeInterval: "5s",
    });
  });

  test("creates a volume and a server below itself", async () => {
    expect(new Set(toTree(await recorder.settled()))).toEqual(
      new Set([
        "storytelling:network:Network shared",
        "  docker:index/network:Network shared-bridge",
        "storytelling:network:Network ops",
        "  docker:index/network:Network ops-bridge",
        "storytelling:network:Network observability",
        "  docker:index/network:Network observability-bridge",
        "storytelling:docker-api:DockerApi docker-api",
        `  ${CONTAINER} docker-api-proxy`,
        "storytelling:prometheus:Prometheus metrics",
        `  ${VOLUME} metrics-data`,
        `  ${CONTAINER} metrics-server`,
      ]),
    );
  });

  test("runs the given image on three networks, is known on one of them, and is published on the given address only", async () => {
    const config = renderPrometheusConfig({
      dockerApiUrl: "tcp://docker-api:2375",
      networkName: "storytelling",
      platformNetworkNames: ["observability-storytelling", "storytelling-ops"],
      scrapeInterval: "5s",
    });

    expect((await recorder.resource(CONTAINER, "metrics-server")).inputs).toMatchObject({
      name: "storytelling-prometheus",
      image: "prom/prometheus:v3.13.4",
      networksAdvanced: [
        { name: "observability-storytelling", aliases: ["prometheus"] },
        { name: "storytelling", aliases: [] },
        { name: "storytelling-ops", aliases: [] },
      ],
      ports: [{ internal: 9090, external: 9090, ip: "127.0.0.1", protocol: "tcp" }],
      envs: [`CONFIGURATION=${toYaml(config)}`],
      uploads: [],
      user: "65534:65534",
      readOnly: true,
      tmpfs: { "/run/prometheus": "rw,noexec,nosuid,nodev,mode=1777,size=1m" },
      volumes: [
        { volumeName: "storytelling-prometheus-data", containerPath: "/prometheus", readOnly: false },
      ],
      capabilities: { drops: ["ALL"], adds: [] },
      memory: 512,
      destroyGraceSeconds: 30,
    });
  });

  test("exposes neither its life cycle nor its administration", async () => {
    const { command } = (await recorder.resource(CONTAINER, "metrics-server")).inputs;

    expect(command).toContain("--web.enable-remote-write-receiver");
    expect(command).not.toContain("--web.enable-lifecycle");
    expect(command).not.toContain("--web.enable-admin-api");
  });

  test("listens to itself and on the network that knows its name, so that no stage reaches it", async () => {
    const { command } = (await recorder.resource(CONTAINER, "metrics-server")).inputs;

    expect((command as string[]).filter((flag) => flag.startsWith("--web.listen"))).toEqual([
      "--web.listen-address=127.0.0.1:9090",
      "--web.listen-address=prometheus:9090",
    ]);
  });

  test("is healthy when it says that it is ready", async () => {
    expect((await recorder.resource(CONTAINER, "metrics-server")).inputs["healthcheck"]).toMatchObject({
      tests: ["CMD", "wget", "--quiet", "--spider", "http://127.0.0.1:9090/-/ready"],
      interval: "10s",
    });
  });

  test("keeps its data when it is destroyed", async () => {
    expect((await recorder.resource(VOLUME, "metrics-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["labels"],
    });
  });

  test("starts after its networks, the volume and the Docker API", async () => {
    const server = await recorder.resource(CONTAINER, "metrics-server");
    const needed = await Promise.all([
      recorder.resource(NETWORK, "shared-bridge"),
      recorder.resource(NETWORK, "ops-bridge"),
      recorder.resource(NETWORK, "observability-bridge"),
      recorder.resource(VOLUME, "metrics-data"),
      recorder.resource(CONTAINER, "docker-api-proxy"),
    ]);

    expect(new Set(server.options.dependencies)).toEqual(new Set(needed.map(({ urn }) => urn)));
  });

  test("is found by its alias, takes what others push and is ready once the server is", async () => {
    expect(prometheus).toMatchObject({
      url: "http://prometheus:9090",
      remoteWriteUrl: "http://prometheus:9090/api/v1/write",
    });
    const ready = await Promise.all(prometheus.ready.map((resource) => valueOf(resource.urn)));
    expect(ready).toEqual([(await recorder.resource(CONTAINER, "metrics-server")).urn]);
  });

  test("asks for its own metrics under the labels that it gives to others", async () => {
    expect(labelsOf(await recorder.resource(CONTAINER, "metrics-server"))).toMatchObject({
      service: "prometheus",
      ...prometheus.scrapeLabels({
        job: "prometheus",
        port: 9090,
        path: "/metrics",
        network: "observability-storytelling",
      }),
    });
  });
});
