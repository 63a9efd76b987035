import * as pulumi from "@pulumi/pulumi";
import type {
  DockerApi,
  Gateway,
  MetricsDiscovery,
  NetworkHandle,
  OtlpEndpoint,
  Ready,
} from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import type { HttpRoute } from "../core/http-route.ts";
import type { Labels } from "../core/labels.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import { type UserLists, userFiles } from "./basic-auth.ts";
import { type IdentityCheck, identityFiles } from "./identity.config.ts";
import { routeLabels } from "./labels/route-labels.ts";
import { requestIdPluginFiles } from "./request-id-plugin.ts";
import type { RequestRates } from "./request-rates.ts";
import {
  DYNAMIC_CONFIG_PATH,
  INTERNAL,
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
  /** Network of the Docker API. */
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
  /** Other such times that a route may ask for (`004-079`). None unless given. */
  readonly responseTimeouts?: readonly Duration[];
  /** Lists of users that a route may ask for. None unless given. */
  readonly users?: UserLists;
  /** Whom routes may ask who a client is. They cannot unless given. */
  readonly identity?: IdentityCheck;
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
        networks: [{ name: args.network.name, aliases: [ALIAS] }, { name: args.opsNetwork.name }],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({ job: ALIAS, port: INTERNAL.port, path: "/metrics" }),
        },
        // Plugins are looked for below it.
        workingDirectory: "/",
        files: [
          { path: STATIC_CONFIG_PATH, content: toYaml(staticConfig(args)) },
          { path: DYNAMIC_CONFIG_PATH, content: toYaml(dynamicConfig(args)) },
          ...requestIdPluginFiles(),
          ...userFiles(args.users ?? {}),
          ...(args.identity === undefined ? [] : identityFiles(args.identity)),
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
    identity: args.identity !== undefined,
  });
}

function dynamicConfig({ requestRates, responseTimeouts, users = {} }: TraefikArgs): object {
  return renderDynamicConfig({
    ...(requestRates === undefined ? {} : { rates: requestRates }),
    ...(responseTimeouts === undefined ? {} : { responseTimeouts }),
    userLists: Object.keys(users),
  });
}
