import { type Duration, type Size, toMegabytes, toMilliseconds } from "../core/units.ts";
import { SCRAPE_LABELS } from "./scrape-labels.ts";

/** What the file of Prometheus depends on. No stage is in it, so that attaching one changes no file. */
export interface PrometheusConfig {
  /** The Docker Engine's API in Docker's spelling, `tcp://<host>:<port>`. */
  readonly dockerApiUrl: string;
  /** The network on which targets are asked that name none. A container on several networks is one target. */
  readonly networkName: string;
  /** Further networks that a target may name. A container of another platform on the host is on none of them. */
  readonly platformNetworkNames: readonly string[];
  /** Time between two scrapes of a target. 15 seconds unless given. */
  readonly scrapeInterval?: Duration;
  /** Time after which a new container is found at the latest. 5 seconds unless given. */
  readonly discoveryInterval?: Duration;
}

/** How long and how much is kept; whichever limit is reached first removes the oldest data. */
export interface Retention {
  readonly time: Duration;
  readonly size: Size;
}

interface RelabelRule {
  readonly source_labels: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: "keep" | "keepequal";
}

/** The content of `prometheus.yml`. */
export function renderPrometheusConfig(config: PrometheusConfig) {
  return {
    global: { scrape_interval: config.scrapeInterval ?? "15s" },
    // After an outage the collector and Tempo send what they kept, and not in order.
    storage: { tsdb: { out_of_order_time_window: "10m" } },
    scrape_configs: [
      {
        job_name: "containers",
        docker_sd_configs: [
          {
            host: config.dockerApiUrl.replace(/^tcp:/, "http:"),
            refresh_interval: config.discoveryInterval ?? "5s",
            // The first network by name may be another one; the rules below choose.
            match_first_network: false,
            filters: [{ name: "label", values: [SCRAPE_LABELS.port] }],
          },
        ],
        relabel_configs: targetRules(config),
        metric_relabel_configs: sampleRules(),
      },
    ],
  };
}

/**
 * From container to target. Every exposed port and every network gives one candidate; as all of them get the same
 * address and labels, Prometheus keeps one.
 */
function targetRules({ networkName, platformNetworkNames }: PrometheusConfig): RelabelRule[] {
  const networks = [networkName, ...platformNetworkNames].map(escapeRegex);
  return [
    { source_labels: ["__meta_docker_network_name"], regex: networks.join("|"), action: "keep" },
    { source_labels: [metaLabel(SCRAPE_LABELS.network)], target_label: "__tmp_network" },
    { source_labels: ["__tmp_network"], regex: "", target_label: "__tmp_network", replacement: networkName },
    { source_labels: ["__meta_docker_network_name"], target_label: "__tmp_network", action: "keepequal" },
    {
      source_labels: ["__meta_docker_network_ip", metaLabel(SCRAPE_LABELS.port)],
      separator: ":",
      target_label: "__address__",
    },
    { source_labels: [metaLabel(SCRAPE_LABELS.path)], target_label: "__metrics_path__" },
    { source_labels: [metaLabel(SCRAPE_LABELS.job)], target_label: "job" },
    // An address changes with each start and would begin a new series each time; a name does not.
    {
      source_labels: ["__meta_docker_container_name", metaLabel(SCRAPE_LABELS.port)],
      separator: ":",
      regex: "/(.*)",
      target_label: "instance",
    },
    { source_labels: ["__meta_docker_container_name"], regex: "/(.*)", target_label: "container_name" },
    { source_labels: [metaLabel("service")], target_label: "service" },
    { source_labels: [metaLabel("stage")], target_label: "stage" },
    { source_labels: ["stage"], regex: "", target_label: "stage", replacement: "platform" },
  ];
}

/**
 * A stage's application puts `stage` and `service` on its own metrics, which Prometheus keeps as `exported_…` beside
 * the target's. Who a stage is, is known from its container: the copies go. Traefik's `exported_service` stays.
 */
function sampleRules(): RelabelRule[] {
  return ["exported_stage", "exported_service", "exported_container_name"].map((copy) => ({
    source_labels: ["stage"],
    regex: "[0-9]+",
    target_label: copy,
    replacement: "",
  }));
}

/** The name under which service discovery shows a container label. */
function metaLabel(label: string): string {
  return `__meta_docker_container_label_${label.replaceAll(/[^a-zA-Z0-9_]/g, "_")}`;
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The command line. Its own file, because retention and receivers have no place in `prometheus.yml`. */
export function prometheusFlags(
  paths: { readonly config: string; readonly data: string },
  addresses: readonly string[],
  retention: Retention,
  publicPath?: string,
) {
  return [
    `--config.file=${paths.config}`,
    ...addresses.map((address) => `--web.listen-address=${address}`),
    `--storage.tsdb.path=${paths.data}`,
    `--storage.tsdb.retention.time=${toMilliseconds(retention.time) / 1000}s`,
    `--storage.tsdb.retention.size=${toMegabytes(retention.size)}MB`,
    "--web.enable-remote-write-receiver",
    // Its pages link to the public path, while it still answers at the root.
    ...(publicPath === undefined ? [] : [`--web.external-url=${publicPath}/`, "--web.route-prefix=/"]),
    "--enable-feature=exemplar-storage",
    "--log.level=warn",
  ];
}
