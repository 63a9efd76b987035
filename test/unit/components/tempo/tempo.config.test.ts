import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import { renderTempoConfig } from "../../../../components/tempo/tempo.config.ts";

const FILE = toYaml(
  renderTempoConfig({
    httpAddress: "tempo-query",
    httpPort: 3200,
    otlpGrpcPort: 4317,
    otlpHttpPort: 4318,
    dataPath: "/var/tempo",
    retention: "168h",
    remoteWriteUrl: "http://prometheus:9090/api/v1/write",
  }),
);
const config = parse(FILE) as ReturnType<typeof renderTempoConfig>;

describe("renderTempoConfig", () => {
  test("takes spans from every address, not only from its own container", () => {
    expect(config.distributor.receivers.otlp.protocols).toEqual({
      grpc: { endpoint: "0.0.0.0:4317" },
      http: { endpoint: "0.0.0.0:4318" },
    });
  });

  test("listens to nobody but itself for its own parts, so that a stage finds its two ports for spans", () => {
    expect(config.server).toMatchObject({
      http_listen_address: "tempo-query",
      grpc_listen_address: "127.0.0.1",
    });
    expect(config.memberlist).toEqual({ bind_addr: ["127.0.0.1"] });
  });

  test("counts spans and calls by stage and sends the counts with examples", () => {
    expect(config.metrics_generator.storage.remote_write).toEqual([
      { url: "http://prometheus:9090/api/v1/write", send_exemplars: true },
    ]);
    expect(config.metrics_generator.processor).toEqual({
      span_metrics: { dimensions: ["stage"] },
      service_graphs: { dimensions: ["stage"] },
    });
    expect(config.overrides.defaults.metrics_generator).toEqual({
      processors: ["span-metrics", "service-graphs"],
      trace_id_label_name: "trace_id",
    });
  });

  test("keeps traces below the data folder for as long as given", () => {
    const { wal, local } = config.storage.trace;

    expect(config.compactor.compaction.block_retention).toBe("168h");
    expect([wal.path, local.path, config.metrics_generator.storage.path]).toEqual([
      "/var/tempo/wal",
      "/var/tempo/blocks",
      "/var/tempo/generator/wal",
    ]);
  });

  test("waits for nobody when it starts", () => {
    expect(config.ingester.lifecycler.min_ready_duration).toBe("0s");
  });

  test("is the reviewed file", async () => {
    await expect(FILE).toMatchFileSnapshot("../../../golden/tempo.yml");
  });
});
