import * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "../core/config-file.ts";
import { DataVolume } from "../core/data-volume.ts";
import type {
  DockerApi,
  Gateway,
  HttpServer,
  MetricsDiscovery,
  NetworkHandle,
  OtlpEndpoint,
  Ready,
} from "../core/handles.ts";
import { type ContainerUser, UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe } from "../core/health.ts";
import type { HttpRoute } from "../core/http-route.ts";
import type { Labels } from "../core/labels.ts";
import { ManagedContainer, type PublishedPort, type ResourceLimits } from "../core/managed-container.ts";
import type { Duration } from "../core/units.ts";
import { toYaml } from "../core/yaml.ts";
import type { AdminAccess } from "./admin-pages.config.ts";
import { type UserLists, userFiles } from "./basic-auth.ts";
import { DYNAMIC_CONFIG_PATH, renderDynamicConfig } from "./dynamic.config.ts";
import { ENTRY_PLUGINS } from "./entry-plugins.ts";
import { INTERNAL, WEB, WEBSECURE } from "./entry-points.config.ts";
import { certificateFiles, certificateSource, type GatewayTls } from "./gateway-tls.ts";
import { type IdentityCheck, identityFiles } from "./identity.config.ts";
import { routeLabels } from "./labels/route-labels.ts";
import { pluginFiles } from "./local-plugins.ts";
import { DEFAULT_REQUEST_RATES, type RequestRates } from "./request-rates.ts";
import { renderStaticConfig, STATIC_CONFIG_PATH } from "./static.config.ts";
import { ACME_FOLDER } from "./tls.config.ts";

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
  readonly published: Omit<PublishedPort, "container">;
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
  /** How long a client may take to send its request, headers and body. 60 seconds unless given (`004-041`). */
  readonly requestTimeout?: Duration;
  /** TLS, to which clients without it are sent. Off unless given (`001-047`). */
  readonly tls?: GatewayTls;
  /** Who answers `/health`. The gateway answers for itself unless given (`004-080`). */
  readonly health?: Pick<HttpServer, "url">;
  /** What is below `/infrastructure/`, and the network on which its pages are. Nothing is there unless given. */
  readonly admin?: AdminAccess & { readonly network: NetworkHandle };
  /** Networks of proxies whose `X-Forwarded-*` is believed. Those of every client are replaced unless given (`004-040`). */
  readonly trustedProxies?: readonly string[];
  /** Whom routes may ask who a client is. They cannot unless given. */
  readonly identity?: IdentityCheck;
}

/**
 * The gateway: the only way from outside to a stage. It finds routes in container labels, limits and numbers
 * requests, and answers 503 for a stage that is not there. With certificates of an ACME server it is stateful: account
 * and certificates are in a protected volume, because such servers give only so many a week.
 */
export class Traefik extends pulumi.ComponentResource implements Gateway, Ready {
  public readonly ready: readonly pulumi.Resource[];
  private readonly networkName: string;

  public constructor(name: string, args: TraefikArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:traefik:Traefik", name, {}, opts);
    this.networkName = args.network.name;
    this.ready = [this.createGateway(name, args, this.createCertificateVolume(name, args))];
    this.registerOutputs();
  }

  public routeLabels(route: HttpRoute): Labels {
    return routeLabels(route, this.networkName);
  }

  private createCertificateVolume(name: string, { tls }: TraefikArgs): DataVolume | undefined {
    if (tls?.certificate.kind !== "acme") return undefined;
    return new DataVolume(`${name}-certificates`, tls.certificate.volumeName, { parent: this });
  }

  private createGateway(name: string, args: TraefikArgs, certificates?: DataVolume): ManagedContainer {
    const requirements = [args.network, args.opsNetwork, args.dockerApi, ...pageNetworks(args)].flatMap(
      ({ ready }) => ready,
    );
    const environment = args.tls?.certificate.kind === "acme" ? args.tls.certificate.environment : undefined;
    return new ManagedContainer(
      `${name}-gateway`,
      {
        containerName: args.containerName,
        image: args.image,
        user: gatewayUser(certificates),
        rootFilesystem: { writable: UPLOADED_FILES },
        networks: [
          { name: args.network.name, aliases: [ALIAS] },
          { name: args.opsNetwork.name, aliases: [INTERNAL.host] },
          ...pageNetworks(args).map(({ name }) => ({ name })),
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
        ...(environment === undefined ? {} : { environment }),
        // Plugins are looked for below it.
        workingDirectory: "/",
        files: configFiles(args),
        ...(certificates === undefined
          ? {}
          : { mounts: [{ volume: certificates.volumeName, path: ACME_FOLDER }] }),
        ports: [
          { ...args.published, container: WEB.port },
          ...(args.tls === undefined ? [] : [{ ...args.tls.published, container: WEBSECURE.port }]),
        ],
        health: commandProbe(["traefik", "healthcheck"]),
        limits: args.limits,
        // Traefik gives running requests 10 seconds.
        stopGraceSeconds: 15,
      },
      {
        parent: this,
        dependsOn: certificates === undefined ? requirements : [certificates, ...requirements],
      },
    );
  }
}

function pageNetworks({ admin }: TraefikArgs): NetworkHandle[] {
  return admin === undefined ? [] : [admin.network];
}

/** Docker lets every user listen on the ports below 1024 in a container. */
function gatewayUser(certificates: DataVolume | undefined): ContainerUser {
  return certificates === undefined
    ? { name: "65534:65534" }
    : { root: "the volume with the certificates of the ACME server belongs to root" };
}

function configFiles(args: TraefikArgs): ConfigFile[] {
  return [
    { path: STATIC_CONFIG_PATH, content: toYaml(staticConfig(args)) },
    { path: DYNAMIC_CONFIG_PATH, content: toYaml(dynamicConfig(args)) },
    ...ENTRY_PLUGINS.flatMap(pluginFiles),
    ...(args.tls === undefined ? [] : certificateFiles(args.tls)),
    ...userFiles(args.users ?? {}),
    ...(args.identity === undefined ? [] : identityFiles(args.identity)),
  ];
}

function staticConfig(args: TraefikArgs): object {
  return renderStaticConfig({
    networkName: args.network.name,
    dockerApiUrl: args.dockerApi.url,
    ...(args.traces === undefined ? {} : { traceUrl: args.traces.url }),
    responseTimeout: args.responseTimeout ?? "60s",
    requestTimeout: args.requestTimeout ?? "60s",
    trustedProxies: args.trustedProxies ?? [],
    ...(args.tls === undefined
      ? {}
      : { tls: { source: certificateSource(args.tls), publicPort: args.tls.published.host } }),
    adminPages: args.admin !== undefined,
    identity: args.identity !== undefined,
  });
}

function dynamicConfig(args: TraefikArgs): object {
  return renderDynamicConfig({
    rates: args.requestRates ?? DEFAULT_REQUEST_RATES,
    trustedProxies: args.trustedProxies ?? [],
    ...(args.health === undefined ? {} : { healthUrl: args.health.url }),
    responseTimeouts: args.responseTimeouts ?? [],
    userLists: Object.keys(args.users ?? {}),
    ...(args.admin === undefined ? {} : { admin: args.admin }),
    ...(args.tls === undefined ? {} : { certificate: certificateSource(args.tls) }),
  });
}
