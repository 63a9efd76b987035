import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import type {
  DockerApi,
  MetricsDiscovery,
  MetricsSink,
  NetworkHandle,
  ScrapeTarget,
} from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import type { Labels } from "../core/labels.ts";
import { ManagedContainer, type PublishedPort, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import { prometheusCommand, type Retention, renderPrometheusConfig } from "./prometheus.config.ts";
import { scrapeLabels } from "./scrape-labels.ts";

export interface PrometheusArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** Image reference. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network of the targets. */
  readonly network: NetworkHandle;
  /** The network of the Docker API. */
  readonly opsNetwork: NetworkHandle;
  /** Where containers are discovered. */
  readonly dockerApi: DockerApi;
  /** Where the host listens (`000-145`). */
  readonly published: Omit<PublishedPort, "container">;
  readonly limits: ResourceLimits;
  readonly retention: Retention;
  /** Time between two scrapes. 15 seconds unless given. */
  readonly scrapeInterval?: Duration;
  /** Path by which people reach it through a gateway that takes it away. The root unless given. */
  readonly publicPath?: string;
}

const ALIAS = "prometheus";
const PORT = 9090;
const CONFIG_PATH = "/etc/prometheus/prometheus.yml";
const DATA_PATH = "/prometheus";

/**
 * Prometheus: finds containers by their labels, one target each (C-23), and takes what Tempo and the collector push.
 * Stateful: its samples are in a protected volume. Its life cycle and administration API are not exposed.
 */
export class Prometheus extends pulumi.ComponentResource implements MetricsSink, MetricsDiscovery {
  public readonly url: string;
  public readonly remoteWriteUrl: string;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:prometheus:Prometheus", name, {}, opts);
    const data = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const server = this.createServer(name, args, data);
    this.url = `http://${ALIAS}:${PORT}`;
    this.remoteWriteUrl = `${this.url}/api/v1/write`;
    this.ready = [server];
    this.registerOutputs({ url: this.url });
  }

  /** Labels that make a container a target. */
  public scrapeLabels(target: ScrapeTarget): Labels {
    return scrapeLabels(target);
  }

  private createServer(name: string, args: PrometheusArgs, data: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        command: prometheusCommand({ config: CONFIG_PATH, data: DATA_PATH }, args.retention, args.publicPath),
        networks: [{ name: args.network.name, aliases: [ALIAS] }, { name: args.opsNetwork.name }],
        labels: { service: ALIAS, ...scrapeLabels({ job: ALIAS, port: PORT, path: "/metrics" }) },
        files: [{ path: CONFIG_PATH, content: configFile(args) }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        ports: [{ ...args.published, container: PORT }],
        health: commandProbe(["wget", "--quiet", "--spider", `http://localhost:${PORT}/-/ready`]),
        limits: args.limits,
        // The write-ahead log is flushed on the way out.
        stopGraceSeconds: 30,
      },
      {
        parent: this,
        dependsOn: [data, ...args.network.ready, ...args.opsNetwork.ready, ...args.dockerApi.ready],
      },
    );
  }
}

function configFile(args: PrometheusArgs): string {
  return toYaml(
    renderPrometheusConfig({
      dockerApiUrl: args.dockerApi.url,
      networkName: args.network.name,
      ...(args.scrapeInterval === undefined ? {} : { scrapeInterval: args.scrapeInterval }),
    }),
  );
}
