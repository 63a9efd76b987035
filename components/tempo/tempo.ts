import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { goMemoryLimit } from "../core/go-memory.ts";
import type {
  HttpServer,
  MetricsDiscovery,
  MetricsSink,
  NetworkHandle,
  OtlpEndpoint,
} from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { noProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import { renderTempoConfig } from "./tempo.config.ts";

export interface TempoArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** Image reference of the 2.x line. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network over which stages send spans. */
  readonly network: NetworkHandle;
  /** The network on which Tempo is asked: what it keeps is everybody's, so no stage may be on it. */
  readonly observabilityNetwork: NetworkHandle;
  readonly limits: ResourceLimits;
  /** How long traces are kept. */
  readonly retention: Duration;
  readonly metrics: MetricsDiscovery;
  /** Where metrics made of spans go. */
  readonly metricsSink: MetricsSink;
}

const ALIAS = "tempo";
/** Its name where it is asked, known on that network only. */
const QUERY_ALIAS = "tempo-query";
const HTTP_PORT = 3200;
const OTLP_GRPC_PORT = 4317;
const OTLP_HTTP_PORT = 4318;
const CONFIG_PATH = "/etc/tempo/config.yaml";
const DATA_PATH = "/var/tempo";

/**
 * Tempo, where traces are. It also counts them: rate, errors and duration of every span, and who calls whom, go to
 * Prometheus. Stateful: its data is in a protected volume.
 */
export class Tempo extends pulumi.ComponentResource implements HttpServer {
  /** Where it is asked, and `/ready` tells whether it is there. */
  public readonly url: string;
  /** Where stages and the gateway send spans (`000-036`). */
  public readonly otlp: OtlpEndpoint;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: TempoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:tempo:Tempo", name, {}, opts);
    const data = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const server = this.createServer(name, args, data);
    this.url = `http://${QUERY_ALIAS}:${HTTP_PORT}`;
    this.otlp = { url: `http://${ALIAS}:${OTLP_GRPC_PORT}` };
    this.ready = [server];
    this.registerOutputs({ url: this.url, otlpUrl: this.otlp.url });
  }

  private createServer(name: string, args: TempoArgs, data: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        user: { name: "10001:10001" },
        rootFilesystem: { writable: UPLOADED_FILES },
        command: [`-config.file=${CONFIG_PATH}`],
        environment: { GOMEMLIMIT: goMemoryLimit(args.limits.memory) },
        networks: [
          { name: args.network.name, aliases: [ALIAS] },
          { name: args.observabilityNetwork.name, aliases: [QUERY_ALIAS] },
        ],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({
            job: ALIAS,
            port: HTTP_PORT,
            path: "/metrics",
            network: args.observabilityNetwork.name,
          }),
        },
        files: [{ path: CONFIG_PATH, content: configFile(args) }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        health: noProbe("the image has no shell and Tempo 2.9 no health command; /ready is asked over HTTP"),
        limits: args.limits,
        // It flushes in five seconds, and then waits for clients that keep their connection open.
        stopGraceSeconds: 10,
      },
      // Not after Prometheus: what it cannot deliver yet it keeps and sends again.
      { parent: this, dependsOn: [data, ...args.network.ready, ...args.observabilityNetwork.ready] },
    );
  }
}

function configFile(args: TempoArgs): string {
  return toYaml(
    renderTempoConfig({
      httpAddress: QUERY_ALIAS,
      httpPort: HTTP_PORT,
      otlpGrpcPort: OTLP_GRPC_PORT,
      otlpHttpPort: OTLP_HTTP_PORT,
      dataPath: DATA_PATH,
      retention: args.retention,
      remoteWriteUrl: args.metricsSink.remoteWriteUrl,
    }),
  );
}
