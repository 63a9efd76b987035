import type { Duration } from "../core/units.ts";

/** What the file of Tempo depends on. */
export interface TempoConfig {
  /** Address, or a name for it, on which Tempo is asked. */
  readonly httpAddress: string;
  /** Port on which Tempo is asked. */
  readonly httpPort: number;
  /** Port on which spans arrive over gRPC (`000-036`). */
  readonly otlpGrpcPort: number;
  /** Port on which spans arrive over HTTP. */
  readonly otlpHttpPort: number;
  /** Folder of everything that Tempo writes. */
  readonly dataPath: string;
  /** How long traces are kept. */
  readonly retention: Duration;
  /** Where span metrics and the service graph go (Prometheus remote write). */
  readonly remoteWriteUrl: string;
}

/** The content of Tempo's configuration: one process, data in files. */
export function renderTempoConfig(config: TempoConfig) {
  return {
    server: {
      http_listen_address: config.httpAddress,
      http_listen_port: config.httpPort,
      // Its parts talk to each other there, and to nobody else.
      grpc_listen_address: "127.0.0.1",
      log_level: "warn",
    },
    // Alone, it has nobody to gossip with; its port would be open to every stage.
    memberlist: { bind_addr: ["127.0.0.1"] },
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            // Every address: the default since 2.7 is localhost, which no other container reaches.
            grpc: { endpoint: `0.0.0.0:${config.otlpGrpcPort}` },
            http: { endpoint: `0.0.0.0:${config.otlpHttpPort}` },
          },
        },
      },
    },
    // Alone, there is nobody to wait for: without this Tempo is not ready for the first 15 seconds.
    ingester: { lifecycler: { min_ready_duration: "0s" }, max_block_duration: "5m" },
    compactor: { compaction: { block_retention: config.retention } },
    metrics_generator: {
      storage: {
        path: `${config.dataPath}/generator/wal`,
        remote_write: [{ url: config.remoteWriteUrl, send_exemplars: true }],
      },
      traces_storage: { path: `${config.dataPath}/generator/traces` },
      processor: { span_metrics: { dimensions: ["stage"] }, service_graphs: { dimensions: ["stage"] } },
    },
    storage: {
      trace: {
        backend: "local",
        wal: { path: `${config.dataPath}/wal` },
        local: { path: `${config.dataPath}/blocks` },
      },
    },
    overrides: {
      defaults: {
        metrics_generator: {
          // Without it the generator runs and makes nothing.
          processors: ["span-metrics", "service-graphs"],
          // As log lines call it, and as Grafana looks for it in Prometheus.
          trace_id_label_name: "trace_id",
        },
      },
    },
    usage_report: { reporting_enabled: false },
  };
}
