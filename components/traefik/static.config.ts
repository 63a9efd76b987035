import type { Duration } from "../core/units.ts";
import { renderAccessLog } from "./access-log.config.ts";
import { ADMIN_PREFIX } from "./admin-pages.config.ts";
import { ENTRY_PLUGINS } from "./entry-plugins.ts";
import { type EntryPointsConfig, INTERNAL, renderEntryPoints, WEB } from "./entry-points.config.ts";
import { IDENTITY_PLUGINS } from "./identity.config.ts";
import { localPlugins } from "./local-plugins.ts";
import { renderTransport } from "./response-timeouts.ts";
import { renderCertificateResolvers } from "./tls.config.ts";

/** Names the network of the gateway that a route is meant for; another gateway on the host leaves it alone. */
export const GATEWAY_LABEL = "storytelling.gateway";

export const STATIC_CONFIG_PATH = "/etc/traefik/traefik.yml";

export interface StaticConfig extends EntryPointsConfig {
  /** Network over which containers are reached. */
  readonly networkName: string;
  /** `tcp://<host>:<port>` */
  readonly dockerApiUrl: string;
  /** OTLP over gRPC, `http://<host>:<port>`. No traces unless given. */
  readonly traceUrl?: string;
  /** How long a service may take to begin its answer. */
  readonly responseTimeout: Duration;
  /** Whether Traefik's own API is there for administrators. */
  readonly adminPages: boolean;
}

/** Traefik's static configuration: where it listens, where it finds routes and what it tells about itself. */
export function renderStaticConfig(config: StaticConfig): object {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: renderEntryPoints(config),
    ...(config.tls === undefined ? {} : renderCertificateResolvers(config.tls.source, WEB.name)),
    providers: {
      docker: {
        endpoint: config.dockerApiUrl,
        exposedByDefault: false,
        network: config.networkName,
        // A container of the same names elsewhere on the host would make both routes answer 503.
        constraints: `Label(\`${GATEWAY_LABEL}\`, \`${config.networkName}\`)`,
      },
      file: { directory: "/etc/traefik/dynamic", watch: true },
    },
    serversTransport: renderTransport(config.responseTimeout),
    ping: { entryPoint: INTERNAL.name },
    // Not insecure: without a router of ours nothing leads to it.
    ...(config.adminPages ? { api: { basePath: `${ADMIN_PREFIX}/traefik` } } : {}),
    metrics: { prometheus: { entryPoint: INTERNAL.name, addRoutersLabels: true } },
    ...(config.traceUrl === undefined ? {} : { tracing: renderTracing(config.traceUrl) }),
    log: { level: "INFO", format: "json" },
    accessLog: renderAccessLog(),
    experimental: {
      localPlugins: localPlugins([...ENTRY_PLUGINS, ...(config.identity ? IDENTITY_PLUGINS : [])]),
    },
  };
}

function renderTracing(traceUrl: string): object {
  return {
    serviceName: "traefik",
    otlp: { grpc: { endpoint: new URL(traceUrl).host, insecure: true } },
  };
}
