import * as pulumi from "@pulumi/pulumi";
import type {
  DockerApi,
  Gateway,
  HttpRoute,
  MetricsDiscovery,
  NetworkHandle,
  OtlpEndpoint,
  Ready,
} from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe } from "../core/health.ts";
import type { Labels } from "../core/labels.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import { requestIdPluginFiles } from "./request-id-plugin.ts";
import { routeLabels } from "./route-labels.ts";
import {
  DYNAMIC_CONFIG_PATH,
  INTERNAL,
  type RequestRates,
  renderDynamicConfig,
  renderStaticConfig,
  STATIC_CONFIG_PATH,
  WEB,
} from "./traefik.config.ts";

const ALIAS = "traefik";

export interface TraefikArgs {
  readonly containerName: string;
  /** An official `traefik` image, 3.6.12 or newer, or one that is started like it. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** Network over which stages are reached. */
  readonly network: NetworkHandle;
  /** Network of the Docker API, and of the gateway's own metrics and health. */
  readonly opsNetwork: NetworkHandle;
  readonly dockerApi: DockerApi;
  /** Where the host listens for clients. */
  readonly published: { readonly host: number; readonly address: string };
  readonly limits: ResourceLimits;
  /** Who collects the gateway's own metrics. */
  readonly metrics: MetricsDiscovery;
  /** Where traces go. None are made unless given. */
  readonly traces?: OtlpEndpoint;
  /** 100 requests a minute, 30 for the public route, unless given (C-22). */
  readonly requestRates?: RequestRates;
  /** How long a service may take to begin its answer. 60 seconds unless given (`004-041`). */
  readonly responseTimeout?: Duration;
}

/**
 * The gateway: the only way from outside to a stage. It finds routes in container labels, limits and numbers
 * requests, and answers 503 for a stage that is not there.
 */
export class Traefik extends pulumi.ComponentResource implements Gateway, Ready {
  public readonly ready: readonly pulumi.Resource[];
  private readonly networkName: string;

  public constructor(name: string, args: TraefikArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:traefik:Traefik", name, {}, opts);
    const container = new ManagedContainer(
      `${name}-gateway`,
      {
        containerName: args.containerName,
        image: args.image,
        // Not root: Docker lets every user listen on the ports below 1024 in a container.
        user: { name: "65534:65534" },
        rootFilesystem: { writable: UPLOADED_FILES },
        networks: [
          { name: args.network.name, aliases: [ALIAS] },
          { name: args.opsNetwork.name, aliases: [INTERNAL.host] },
        ],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({
            job: ALIAS,
            port: INTERNAL.port,
            path: "/metrics",
            network: args.opsNetwork.name,
          }),
        },
        // Plugins are looked for below it.
        workingDirectory: "/",
        files: [
          { path: STATIC_CONFIG_PATH, content: toYaml(staticConfig(args)) },
          { path: DYNAMIC_CONFIG_PATH, content: toYaml(renderDynamicConfig(args.requestRates)) },
          ...requestIdPluginFiles(),
        ],
        ports: [{ ...args.published, container: WEB.port }],
        health: commandProbe(["traefik", "healthcheck"]),
        limits: args.limits,
        // Traefik gives running requests 10 seconds.
        stopGraceSeconds: 15,
      },
      {
        parent: this,
        dependsOn: [...args.network.ready, ...args.opsNetwork.ready, ...args.dockerApi.ready],
      },
    );
    this.networkName = args.network.name;
    this.ready = [container];
    this.registerOutputs();
  }

  public routeLabels(route: HttpRoute): Labels {
    return routeLabels(route, this.networkName);
  }
}

function staticConfig(args: TraefikArgs): object {
  return renderStaticConfig({
    networkName: args.network.name,
    dockerApiUrl: args.dockerApi.url,
    ...(args.traces === undefined ? {} : { traceUrl: args.traces.url }),
    responseTimeout: args.responseTimeout ?? "60s",
  });
}
