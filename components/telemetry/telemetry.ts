import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { goMemoryLimit } from "../core/go-memory.ts";
import type { DockerApi, LogSink, MetricsDiscovery, MetricsSink, NetworkHandle } from "../core/handles.ts";
import { noProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { toYaml } from "../core/yaml.ts";
import { type CollectorPaths, renderTelemetryConfig } from "./telemetry.config.ts";

export interface TelemetryArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** An `otel/opentelemetry-collector-contrib` image, 0.149 or newer. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network of observability, of Loki and Prometheus. */
  readonly network: NetworkHandle;
  /** The network of the Docker API. */
  readonly opsNetwork: NetworkHandle;
  readonly dockerApi: DockerApi;
  /** API version of the Docker Engine, for example `1.41`; a newer one is refused by the engine. */
  readonly dockerApiVersion: string;
  /** Folder of the host in which Docker keeps its containers' logs. `/var/lib/docker/containers` unless given. */
  readonly containerLogsPath?: string;
  readonly limits: ResourceLimits;
  readonly metrics: MetricsDiscovery;
  readonly logSink: LogSink;
  readonly metricsSink: MetricsSink;
}

const SERVICE = "telemetry";
const CONFIG_VARIABLE = "CONFIGURATION";
const PORTS = { health: 13133, metrics: 8888 } as const;
const PATHS: CollectorPaths = {
  containerLogs: "/var/lib/docker/containers",
  hostRoot: "/hostfs",
  state: "/var/lib/otelcol",
};

/**
 * The collector of what nobody pushes: log lines of the platform's and the stages' containers go to Loki, measurements
 * of containers and host to Prometheus. Its volume holds how far it has read and what is not delivered yet; it is
 * protected, because without it every line on the host would be sent again.
 *
 * It is root, but without any capability, and sees of the host Docker's log files and `/proc`, both read-only.
 */
export class Telemetry extends pulumi.ComponentResource {
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: TelemetryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:telemetry:Telemetry", name, {}, opts);
    const data = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const collector = this.createCollector(name, args, data);
    this.ready = [collector];
    this.registerOutputs({ containerName: args.containerName });
  }

  private createCollector(name: string, args: TelemetryArgs, data: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-collector`,
      {
        containerName: args.containerName,
        image: args.image,
        user: {
          root: "Docker's log files belong to root, and nobody else may read them; as their owner the process reads them without a capability",
        },
        rootFilesystem: { readOnly: true },
        // Docker copies no file into a container whose root is read-only, and the image has no shell to write one.
        command: ["--config", `env:${CONFIG_VARIABLE}`],
        environment: {
          [CONFIG_VARIABLE]: configFile(args),
          GOMEMLIMIT: goMemoryLimit(args.limits.memory),
        },
        networks: [{ name: args.network.name }, { name: args.opsNetwork.name }],
        labels: {
          service: SERVICE,
          ...args.metrics.scrapeLabels({
            job: SERVICE,
            port: PORTS.metrics,
            path: "/metrics",
            network: args.network.name,
          }),
        },
        mounts: [
          { volume: args.volumeName, path: PATHS.state },
          {
            hostPath: args.containerLogsPath ?? PATHS.containerLogs,
            path: PATHS.containerLogs,
            readOnly: true,
          },
          { hostPath: "/proc", path: `${PATHS.hostRoot}/proc`, readOnly: true },
        ],
        health: noProbe(
          "the image has no shell and the collector no health command; it answers on port 13133",
        ),
        limits: args.limits,
      },
      // Not after Loki and Prometheus: what it cannot deliver yet it keeps and sends again.
      {
        parent: this,
        dependsOn: [data, ...args.network.ready, ...args.opsNetwork.ready, ...args.dockerApi.ready],
      },
    );
  }
}

function configFile(args: TelemetryArgs): string {
  return toYaml(
    renderTelemetryConfig({
      dockerApiUrl: args.dockerApi.url,
      dockerApiVersion: args.dockerApiVersion,
      lokiOtlpUrl: args.logSink.otlpUrl,
      remoteWriteUrl: args.metricsSink.remoteWriteUrl,
      paths: PATHS,
      ports: PORTS,
    }),
  );
}
