import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import type { CollectorConfig } from "../../../../components/telemetry/collector-config.ts";
import { renderTelemetryConfig } from "../../../../components/telemetry/telemetry.config.ts";

const CONFIG = {
  dockerApiUrl: "tcp://docker-api:2375",
  dockerApiVersion: "1.41",
  lokiOtlpUrl: "http://loki:3100/otlp",
  remoteWriteUrl: "http://prometheus:9090/api/v1/write",
  paths: {
    containerLogs: "/var/lib/docker/containers",
    hostRoot: "/hostfs",
    state: "/var/lib/otelcol",
  },
  ports: { health: 13133, metrics: 8888 },
} as const;
const FILE = toYaml(renderTelemetryConfig(CONFIG));
const config = parse(FILE) as CollectorConfig;

/** The components of the collector that is built where the official image is out of reach. */
const AVAILABLE = new Set(
  "file_log docker_stats hostmetrics batch memory_limiter transform otlp_http prometheusremotewrite health_check file_storage".split(
    " ",
  ),
);

describe("renderTelemetryConfig", () => {
  test("needs no component that a collector built from modules does not have", () => {
    const kinds = ["receivers", "processors", "exporters", "extensions"] as const;
    const used = kinds.flatMap((kind) => Object.keys(config[kind])).map((name) => name.split("/")[0] ?? "");

    expect(used.filter((name) => !AVAILABLE.has(name))).toEqual([]);
  });

  test("reads every container's log file from its beginning, once", () => {
    expect(config.receivers["file_log"]).toMatchObject({
      include: ["/var/lib/docker/containers/*/*-json.log"],
      start_at: "beginning",
      storage: "file_storage",
    });
    expect(config.extensions["file_storage"]).toEqual({
      directory: "/var/lib/otelcol",
      create_directory: true,
    });
  });

  test("sends a line within a second, and keeps it on the disk while Loki is away", () => {
    expect(config.processors["batch/logs"]).toMatchObject({ timeout: "500ms" });
    expect(config.exporters["otlp_http"]).toEqual({
      logs_endpoint: "http://loki:3100/otlp/v1/logs",
      sending_queue: { storage: "file_storage", block_on_overflow: true },
      retry_on_failure: { max_elapsed_time: "0s" },
    });
  });

  test("limits its memory first in each pipeline and batches last", () => {
    const processors = Object.values(config.service.pipelines).map((pipeline) => [
      pipeline.processors.at(0),
      pipeline.processors.at(-1)?.split("/")[0],
    ]);

    expect(processors).toEqual(Array.from({ length: 3 }, () => ["memory_limiter", "batch"]));
  });

  test("measures containers through the proxy, in the engine's version, every 15 seconds unless told otherwise", () => {
    const faster = renderTelemetryConfig({ ...CONFIG, interval: "1s" });

    expect(config.receivers["docker_stats"]).toMatchObject({
      endpoint: "tcp://docker-api:2375",
      api_version: "1.41",
      collection_interval: "15s",
    });
    expect(faster.receivers).toMatchObject({
      docker_stats: { collection_interval: "1s" },
      hostmetrics: { collection_interval: "1s" },
    });
  });

  test("measures of the host what can be seen without its network namespace and its disks", () => {
    expect(config.receivers["hostmetrics"]).toEqual({
      root_path: "/hostfs",
      collection_interval: "15s",
      scrapers: {
        cpu: {},
        memory: {},
        load: {},
        disk: {},
        filesystem: { include_mount_points: { mount_points: ["/"], match_type: "strict" } },
      },
    });
  });

  test("names no stage, so that attaching one changes nothing", () => {
    expect(FILE).not.toMatch(/stage\d|cleaning|nlp/);
  });

  test("is the reviewed file", async () => {
    await expect(FILE).toMatchFileSnapshot("../../../golden/telemetry.yml");
  });
});
