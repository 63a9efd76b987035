import type { Duration } from "../core/units.ts";
import { basicAuthMiddlewares } from "./basic-auth.ts";
import { IDENTITY_ENTRY_POINT, IDENTITY_GUARDS, IDENTITY_PLUGINS } from "./identity.config.ts";
import { localPlugins } from "./local-plugins.ts";
import { REQUEST_ID_PLUGIN } from "./request-id-plugin.ts";
import { DEFAULT_REQUEST_RATES, type RequestRates, rateLimitMiddlewares } from "./request-rates.ts";
import { renderTransport, responseTimeoutTransports } from "./response-timeouts.ts";
import { REQUEST_ID_HEADER, sharedMiddlewares } from "./shared-middlewares.ts";

/** Entry point that clients use. */
export const WEB = { name: "web", port: 80 } as const;
/** Entry point of the platform itself: metrics and the container's own health. Never published. */
export const INTERNAL = { name: "internal", port: 8082 } as const;

/** Names the network of the gateway that a route is meant for; another gateway on the host leaves it alone. */
export const GATEWAY_LABEL = "storytelling.gateway";

export const STATIC_CONFIG_PATH = "/etc/traefik/traefik.yml";
/** Where the sources look for it (`000-128`). */
export const DYNAMIC_CONFIG_PATH = "/etc/traefik/dynamic/dynamic.yml";

export interface StaticConfig {
  /** Network over which containers are reached. */
  readonly networkName: string;
  /** `tcp://<host>:<port>` */
  readonly dockerApiUrl: string;
  /** OTLP over gRPC, `http://<host>:<port>`. No traces unless given. */
  readonly traceUrl?: string;
  /** How long a service may take to begin its answer. */
  readonly responseTimeout: Duration;
  /** Whether routes may ask an identity service. They cannot unless given. */
  readonly identity?: boolean;
}

/** Traefik's static configuration: where it listens, where it finds routes and what it tells about itself. */
export function renderStaticConfig(config: StaticConfig): object {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: {
      [WEB.name]: {
        address: `:${WEB.port}`,
        // Also in front of each router's own chain, so that an answer of the gateway itself (429) has an id, too.
        http: {
          middlewares: [
            "request-id@file",
            "one-request-id@file",
            ...(config.identity === true ? IDENTITY_GUARDS : []),
          ],
          // A service decodes these, so that it would see another path than the one that was routed.
          encodedCharacters: {
            allowEncodedSlash: false,
            allowEncodedBackSlash: false,
            allowEncodedNullCharacter: false,
          },
        },
      },
      [INTERNAL.name]: { address: `:${INTERNAL.port}` },
      ...(config.identity === true ? IDENTITY_ENTRY_POINT : {}),
    },
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
    metrics: { prometheus: { entryPoint: INTERNAL.name, addRoutersLabels: true } },
    ...(config.traceUrl === undefined ? {} : { tracing: renderTracing(config.traceUrl) }),
    log: { level: "INFO", format: "json" },
    accessLog: {
      format: "json",
      // Headers may hold secrets; only the id is written.
      fields: { headers: { defaultMode: "drop", names: { [REQUEST_ID_HEADER]: "keep" } } },
    },
    experimental: {
      localPlugins: localPlugins([REQUEST_ID_PLUGIN, ...(config.identity === true ? IDENTITY_PLUGINS : [])]),
    },
  };
}

function renderTracing(traceUrl: string): object {
  return {
    serviceName: "traefik",
    otlp: { grpc: { endpoint: new URL(traceUrl).host, insecure: true } },
  };
}

/** What routes may ask for by name. Nothing of it depends on which stages there are. */
export interface DynamicConfig {
  readonly rates?: RequestRates;
  /** Times that a service may take to begin its answer, beside the one of all. */
  readonly responseTimeouts?: readonly Duration[];
  /** Names of the lists of users. */
  readonly userLists?: readonly string[];
}

/**
 * Traefik's dynamic configuration: what all routes share. The routes themselves are labels of containers.
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function renderDynamicConfig({
  rates = DEFAULT_REQUEST_RATES,
  responseTimeouts = [],
  userLists = [],
}: DynamicConfig = {}): object {
  return {
    http: {
      routers: {
        health: {
          rule: "Path(`/health`)",
          entryPoints: [WEB.name],
          priority: 1000,
          service: "ping@internal",
          // Asked every few seconds by whoever watches the host (`004-042`).
          observability: { accessLogs: false, metrics: false, tracing: false },
        },
        unavailable: {
          rule: "PathRegexp(`^/api/v1/[^/]+`)",
          entryPoints: [WEB.name],
          priority: UNAVAILABLE_PRIORITY,
          middlewares: ["retry-later"],
          service: "unavailable",
        },
      },
      services: {
        // A stage that is stopped or starting has no route of its own; without this the answer would be 404.
        unavailable: { loadBalancer: { servers: [] } },
      },
      middlewares: {
        ...rateLimitMiddlewares(rates),
        ...sharedMiddlewares(),
        ...basicAuthMiddlewares(userLists),
      },
      // Traefik takes an empty map for a mistake.
      ...(responseTimeouts.length === 0
        ? {}
        : { serversTransports: responseTimeoutTransports(responseTimeouts) }),
    },
  };
}

/** Below every route of a stage and above a frontend at `/`, which has 1. */
const UNAVAILABLE_PRIORITY = 2;
