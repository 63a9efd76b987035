import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { goMemoryLimit } from "../core/go-memory.ts";
import type { LogSink, MetricsDiscovery, NetworkHandle } from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import { renderLokiConfig } from "./loki.config.ts";

export interface LokiArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** Image reference, 3.7 or newer for its health command. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network of observability: Loki asks nobody who it is, so no stage may be on it. */
  readonly network: NetworkHandle;
  readonly limits: ResourceLimits;
  /** How long log lines are kept; at least 24h. */
  readonly retention: Duration;
  readonly metrics: MetricsDiscovery;
}

const ALIAS = "loki";
const PORT = 3100;
const CONFIG_PATH = "/etc/loki/config.yaml";
const DATA_PATH = "/loki";

/** Loki, where all logs are (C-04). Stateful: its data is in a protected volume. */
export class Loki extends pulumi.ComponentResource implements LogSink {
  public readonly url: string;
  public readonly otlpUrl: string;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: LokiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:loki:Loki", name, {}, opts);
    const data = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const server = this.createServer(name, args, data);
    this.url = `http://${ALIAS}:${PORT}`;
    this.otlpUrl = `${this.url}/otlp`;
    this.ready = [server];
    this.registerOutputs({ url: this.url });
  }

  private createServer(name: string, args: LokiArgs, data: DataVolume): ManagedContainer {
    const config = renderLokiConfig({ port: PORT, dataPath: DATA_PATH, retention: args.retention });
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        user: { name: "10001:10001" },
        rootFilesystem: { writable: UPLOADED_FILES },
        command: [`-config.file=${CONFIG_PATH}`],
        environment: { GOMEMLIMIT: goMemoryLimit(args.limits.memory) },
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({
            job: ALIAS,
            port: PORT,
            path: "/metrics",
            network: args.network.name,
          }),
        },
        files: [{ path: CONFIG_PATH, content: toYaml(config) }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        // The image has no shell; the binary asks itself.
        health: commandProbe(["/usr/bin/loki", "-health"]),
        limits: args.limits,
        // Chunks are flushed on the way out.
        stopGraceSeconds: 30,
      },
      { parent: this, dependsOn: [data, ...args.network.ready] },
    );
  }
}
