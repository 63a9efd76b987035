import type { Duration } from "../core/units.ts";
import { assertPipelines, type CollectorConfig } from "./collector-config.ts";
import { dockerLogOperators, jsonBodyStatements } from "./log-parsing.config.ts";

/** What the collector's file depends on. */
export interface TelemetryConfig {
  /** The Docker Engine's API, `tcp://<host>:<port>`. */
  readonly dockerApiUrl: string;
  /** Version of that API. A newer one than the engine's is refused by it. */
  readonly dockerApiVersion: string;
  /** Loki's OTLP address, without `/v1/logs`. */
  readonly lokiOtlpUrl: string;
  /** Prometheus' remote write address. */
  readonly remoteWriteUrl: string;
  /** Time between two measurements of containers and host. 15 seconds unless given. */
  readonly interval?: Duration;
  readonly paths: CollectorPaths;
  readonly ports: CollectorPorts;
}

/** Folders in the collector's container. */
export interface CollectorPaths {
  /** Docker's log files. */
  readonly containerLogs: string;
  /** Where the host's `/proc` is found below. */
  readonly hostRoot: string;
  /** Where the collector remembers how far it has read. */
  readonly state: string;
}

export interface CollectorPorts {
  readonly health: number;
  /** The collector's metrics of itself. */
  readonly metrics: number;
}

/** The content of the collector's configuration: container logs to Loki, container and host metrics to Prometheus. */
export function renderTelemetryConfig(config: TelemetryConfig): CollectorConfig {
  const rendered: CollectorConfig = {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${config.ports.health}` },
      file_storage: { directory: config.paths.state, create_directory: true },
    },
    receivers: {
      file_log: {
        include: [`${config.paths.containerLogs}/*/*-json.log`],
        include_file_path: true,
        include_file_name: false,
        // What a container said before the collector came up counts, too.
        start_at: "beginning",
        storage: "file_storage",
        operators: dockerLogOperators(),
      },
      docker_stats: dockerStats(config),
      hostmetrics: hostMetrics(config),
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 },
      "transform/logs": {
        error_mode: "ignore",
        log_statements: jsonBodyStatements(),
      },
      "transform/containers": { error_mode: "ignore", metric_statements: containerLabelStatements() },
      // Short, so that a line is found within two seconds of being written.
      "batch/logs": { timeout: "500ms", send_batch_size: 1000, send_batch_max_size: 2000 },
      "batch/metrics": { timeout: "1s" },
    },
    exporters: {
      otlp_http: {
        logs_endpoint: `${config.lokiOtlpUrl}/v1/logs`,
        // What is read is not read again: it waits on the disk until Loki has taken it, and reading waits, too.
        sending_queue: { storage: "file_storage", block_on_overflow: true },
        retry_on_failure: { max_elapsed_time: "0s" },
      },
      prometheusremotewrite: {
        endpoint: config.remoteWriteUrl,
        // The labels are those put on above; what says who measured would only make them longer.
        target_info: { enabled: false },
        disable_scope_info: true,
      },
    },
    service: {
      extensions: ["health_check", "file_storage"],
      pipelines: {
        logs: {
          receivers: ["file_log"],
          processors: ["memory_limiter", "transform/logs", "batch/logs"],
          exporters: ["otlp_http"],
        },
        "metrics/containers": {
          receivers: ["docker_stats"],
          processors: ["memory_limiter", "transform/containers", "batch/metrics"],
          exporters: ["prometheusremotewrite"],
        },
        "metrics/host": {
          receivers: ["hostmetrics"],
          processors: ["memory_limiter", "batch/metrics"],
          exporters: ["prometheusremotewrite"],
        },
      },
      telemetry: {
        logs: { level: "warn" },
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: config.ports.metrics } } } }],
        },
      },
    },
  };
  assertPipelines(rendered);
  return rendered;
}

function dockerStats({ dockerApiUrl, dockerApiVersion, interval }: TelemetryConfig) {
  return {
    endpoint: dockerApiUrl,
    api_version: dockerApiVersion,
    collection_interval: interval ?? "15s",
    container_labels_to_metric_labels: { stage: "stage", service: "service" },
    metrics: {
      "container.restarts": { enabled: true },
      "container.uptime": { enabled: true },
    },
  };
}

/** Without `network`: it would measure the collector's own interfaces, because it is not in the host's namespace. */
function hostMetrics({ paths, interval }: TelemetryConfig) {
  return {
    root_path: paths.hostRoot,
    collection_interval: interval ?? "15s",
    scrapers: {
      cpu: {},
      memory: {},
      load: {},
      disk: {},
      // The disk on which Docker keeps images, volumes and logs, which is where the container's own root lies.
      filesystem: { include_mount_points: { mount_points: ["/"], match_type: "strict" } },
    },
  };
}

/** The labels by which every other series of a container is found, too. */
function containerLabelStatements(): string[] {
  return [
    'set(datapoint.attributes["container_name"], resource.attributes["container.name"])',
    'set(datapoint.attributes["service"], resource.attributes["service"])',
    'set(datapoint.attributes["stage"], resource.attributes["stage"])',
    'set(datapoint.attributes["stage"], "platform") where resource.attributes["service"] != nil and resource.attributes["stage"] == nil',
  ];
}
