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
import { writtenAtStart } from "../core/written-at-start.ts";
import { toYaml } from "../core/yaml.ts";
import { prometheusFlags, type Retention, renderPrometheusConfig } from "./prometheus.config.ts";
import { scrapeLabels } from "./scrape-labels.ts";

export interface PrometheusArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** Image reference. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network of the stages. Prometheus asks its targets there, and listens to nobody. */
  readonly network: NetworkHandle;
  /**
   * The network on which Prometheus listens. Its name must come before those of the others: Docker leads a published port
   * to the first network by name.
   */
  readonly observabilityNetwork: NetworkHandle;
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
const CONFIG_FOLDER = "/run/prometheus";
const CONFIG_PATH = `${CONFIG_FOLDER}/prometheus.yml`;
const DATA_PATH = "/prometheus";

/**
 * Prometheus: finds containers by their labels, one target each (C-23), and takes what Tempo and the collector push.
 * Stateful: its samples are in a protected volume. Its life cycle and administration API are not exposed,
 * and stages, whose containers it asks, find nothing that listens.
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
    const { network, observabilityNetwork, opsNetwork } = args;
    const start = writtenAtStart({ path: CONFIG_PATH, content: configFile(args) }, ["/bin/prometheus"]);
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        // `nobody`, in the official image, too.
        user: { name: "65534:65534" },
        rootFilesystem: { readOnly: true, scratch: { [CONFIG_FOLDER]: "1 MB" } },
        entrypoint: start.command,
        environment: start.environment,
        command: prometheusFlags(
          { config: CONFIG_PATH, data: DATA_PATH },
          // The alias is known on one network only, so that this is the address there.
          [`127.0.0.1:${PORT}`, `${ALIAS}:${PORT}`],
          args.retention,
          args.publicPath,
        ),
        networks: [
          { name: observabilityNetwork.name, aliases: [ALIAS] },
          { name: network.name },
          { name: opsNetwork.name },
        ],
        labels: {
          service: ALIAS,
          ...scrapeLabels({ job: ALIAS, port: PORT, path: "/metrics", network: observabilityNetwork.name }),
        },
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        ports: [{ ...args.published, container: PORT }],
        health: commandProbe(["wget", "--quiet", "--spider", `http://127.0.0.1:${PORT}/-/ready`]),
        limits: args.limits,
        // The write-ahead log is flushed on the way out.
        stopGraceSeconds: 30,
      },
      {
        parent: this,
        dependsOn: [
          data,
          ...[network, observabilityNetwork, opsNetwork, args.dockerApi].flatMap(({ ready }) => ready),
        ],
      },
    );
  }
}

function configFile(args: PrometheusArgs): string {
  return toYaml(
    renderPrometheusConfig({
      dockerApiUrl: args.dockerApi.url,
      networkName: args.network.name,
      platformNetworkNames: [args.observabilityNetwork.name, args.opsNetwork.name],
      ...(args.scrapeInterval === undefined ? {} : { scrapeInterval: args.scrapeInterval }),
    }),
  );
}
