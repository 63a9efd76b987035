import type { Duration } from "../core/units.ts";

/** What the file of Loki depends on. */
export interface LokiConfig {
  readonly port: number;
  /** Folder of everything that Loki writes. */
  readonly dataPath: string;
  /** How long log lines are kept; at least 24h. */
  readonly retention: Duration;
}

/**
 * The labels of a log stream. Few and with few values on purpose: whatever else a line says (trace id, request id,
 * level) is structured metadata, which can be searched and makes no stream.
 */
const STREAM_LABELS = ["stage", "service", "container_name"] as const;

/** Inside the container only. */
const GRPC_PORT = 9095;

/** The content of Loki's configuration: one process, data in files. */
export function renderLokiConfig({ port, dataPath, retention }: LokiConfig) {
  return {
    auth_enabled: false,
    server: { http_listen_port: port, grpc_listen_port: GRPC_PORT, log_level: "warn" },
    common: {
      path_prefix: dataPath,
      instance_addr: "127.0.0.1",
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: {
        filesystem: { chunks_directory: `${dataPath}/chunks`, rules_directory: `${dataPath}/rules` },
      },
    },
    // Alone, there is nobody to wait for: without this Loki is not ready for the first 15 seconds.
    ingester: { lifecycler: { min_ready_duration: "0s" } },
    // Told where its own queue is, it need not look for one: ready in half a second and not in ten.
    frontend_worker: { frontend_address: `127.0.0.1:${GRPC_PORT}` },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    limits_config: {
      retention_period: retention,
      allow_structured_metadata: true,
      volume_enabled: true,
      // Neither the labels that Loki makes up itself nor those it takes from OpenTelemetry by default.
      discover_service_name: [],
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: [...STREAM_LABELS] }],
        },
      },
    },
    compactor: {
      working_directory: `${dataPath}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    analytics: { reporting_enabled: false },
  };
}
