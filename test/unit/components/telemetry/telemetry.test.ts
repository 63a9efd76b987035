import { beforeEach, describe, expect, test } from "vitest";
import { Network } from "../../../../components/network/network.ts";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";
import { Telemetry } from "../../../../components/telemetry/telemetry.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const NETWORK = "docker:index/network:Network";

describe("Telemetry", () => {
  let recorder: Recorder;
  beforeEach(async () => {
    recorder = await startMocks();
  });

  function create(containerLogsPath?: string): Telemetry {
    return new Telemetry("telemetry", {
      containerName: "storytelling-telemetry",
      volumeName: "storytelling-telemetry-data",
      image: "otel/opentelemetry-collector-contrib:0.149.0",
      network: new Network("shared", { networkName: "storytelling" }),
      opsNetwork: new Network("ops", { networkName: "storytelling-ops", internal: true }),
      dockerApi: { url: "tcp://docker-api:2375", ready: [] },
      dockerApiVersion: "1.41",
      limits: { cpus: 0.5, memory: "256 MB" },
      metrics: { scrapeLabels },
      logSink: { url: "http://loki:3100", otlpUrl: "http://loki:3100/otlp", ready: [] },
      metricsSink: {
        url: "http://prometheus:9090",
        remoteWriteUrl: "http://prometheus:9090/api/v1/write",
        ready: [],
      },
      ...(containerLogsPath === undefined ? {} : { containerLogsPath }),
    });
  }

  test("creates a volume and a collector below itself", async () => {
    create();

    expect(new Set(toTree(await recorder.settled()))).toEqual(
      new Set([
        "storytelling:network:Network shared",
        "  docker:index/network:Network shared-bridge",
        "storytelling:network:Network ops",
        "  docker:index/network:Network ops-bridge",
        "storytelling:telemetry:Telemetry telemetry",
        `  ${CONTAINER} telemetry-collector`,
        `  ${VOLUME} telemetry-data`,
      ]),
    );
  });

  test("runs as root without any capability and sees of the host logs and processes, read-only", async () => {
    create();

    expect((await recorder.resource(CONTAINER, "telemetry-collector")).inputs).toMatchObject({
      name: "storytelling-telemetry",
      image: "otel/opentelemetry-collector-contrib:0.149.0",
      user: "0:0",
      capabilities: { drops: ["ALL"], adds: [] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [
        {
          volumeName: "storytelling-telemetry-data",
          containerPath: "/var/lib/otelcol",
          readOnly: false,
        },
        {
          hostPath: "/var/lib/docker/containers",
          containerPath: "/var/lib/docker/containers",
          readOnly: true,
        },
        { hostPath: "/proc", containerPath: "/hostfs/proc", readOnly: true },
      ],
      ports: [],
    });
  });

  test("reaches its sinks and the Docker API, with the file that names them, within its memory", async () => {
    create();
    const { inputs } = await recorder.resource(CONTAINER, "telemetry-collector");

    const [configuration, memory] = inputs["envs"] as [string, string];

    expect(inputs).toMatchObject({
      command: ["--config", "env:CONFIGURATION"],
      readOnly: true,
      networksAdvanced: [
        { name: "storytelling", aliases: [] },
        { name: "storytelling-ops", aliases: [] },
      ],
      uploads: [],
    });
    expect(memory).toBe("GOMEMLIMIT=230MiB");
    expect(configuration).toMatch(/^CONFIGURATION=/);
    for (const address of ["http://loki:3100/otlp", "/api/v1/write", "tcp://docker-api:2375"]) {
      expect(configuration).toContain(address);
    }
  });

  test("finds logs where the host keeps them", async () => {
    create("/data/docker/containers");

    expect((await recorder.resource(CONTAINER, "telemetry-collector")).inputs["volumes"]).toContainEqual({
      hostPath: "/data/docker/containers",
      containerPath: "/var/lib/docker/containers",
      readOnly: true,
    });
  });

  test("is not waited for, because its image has nothing to ask with", async () => {
    create();
    const { inputs } = await recorder.resource(CONTAINER, "telemetry-collector");

    expect(inputs).toMatchObject({ wait: false });
    expect(inputs).not.toHaveProperty("healthcheck");
  });

  test("is collected from as service telemetry", async () => {
    create();

    expect(labelsOf(await recorder.resource(CONTAINER, "telemetry-collector"))).toMatchObject({
      service: "telemetry",
      ...scrapeLabels({ job: "telemetry", port: 8888, path: "/metrics", network: "storytelling" }),
    });
  });

  test("remembers how far it has read when it is destroyed", async () => {
    create();

    expect((await recorder.resource(VOLUME, "telemetry-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
    });
  });

  test("starts after its networks and the volume and is ready once it runs", async () => {
    const telemetry = create();
    const collector = await recorder.resource(CONTAINER, "telemetry-collector");
    const needed = await Promise.all([
      recorder.resource(NETWORK, "shared-bridge"),
      recorder.resource(NETWORK, "ops-bridge"),
      recorder.resource(VOLUME, "telemetry-data"),
    ]);

    expect(new Set(collector.options.dependencies)).toEqual(new Set(needed.map(({ urn }) => urn)));
    expect(await Promise.all(telemetry.ready.map((resource) => valueOf(resource.urn)))).toEqual([
      collector.urn,
    ]);
  });
});
