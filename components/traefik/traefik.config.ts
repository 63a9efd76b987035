import { UserError } from "../core/errors.ts";
import type { RateLimit } from "../core/handles.ts";
import { type Duration, toMilliseconds } from "../core/units.ts";
import { PLUGIN_MODULE, PLUGIN_NAME } from "./request-id-plugin.ts";

/** Entry point that clients use. */
export const WEB = { name: "web", port: 80 } as const;
/**
 * Entry point of the platform itself: metrics and the container's own health. Never published, and bound to the one address
 * that has this name, on a network without stages.
 */
export const INTERNAL = { name: "internal", host: "traefik-internal", port: 8082 } as const;

/** Names the network of the gateway that a route is meant for; another gateway on the host leaves it alone. */
export const GATEWAY_LABEL = "storytelling.gateway";

export const STATIC_CONFIG_PATH = "/etc/traefik/traefik.yml";
/** Where the sources look for it (`000-128`). */
export const DYNAMIC_CONFIG_PATH = "/etc/traefik/dynamic/dynamic.yml";

/** `burst` requests at once, then `average` in each `period`; for each client address. */
export interface RequestRate {
  readonly average: number;
  readonly period: Duration;
  readonly burst: number;
}

export type RequestRates = Readonly<Record<RateLimit, RequestRate>>;

/** 200 requests in a row get 429 after about 100 (C-22); a public client gets less. */
export const DEFAULT_REQUEST_RATES: RequestRates = {
  "rate-limit": { average: 100, period: "1m", burst: 100 },
  "rate-limit-public": { average: 30, period: "1m", burst: 30 },
};

export interface StaticConfig {
  /** Network over which containers are reached. */
  readonly networkName: string;
  /** `tcp://<host>:<port>` */
  readonly dockerApiUrl: string;
  /** OTLP over gRPC, `http://<host>:<port>`. No traces unless given. */
  readonly traceUrl?: string;
  /** How long a service may take to begin its answer. */
  readonly responseTimeout: Duration;
}

const REQUEST_ID_HEADER = "X-Request-Id";

/** Traefik's static configuration: where it listens, where it finds routes and what it tells about itself. */
export function renderStaticConfig(config: StaticConfig): object {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: {
      [WEB.name]: {
        address: `:${WEB.port}`,
        // Also in front of each router's own chain, so that an answer of the gateway itself (429) has an id, too.
        http: {
          middlewares: ["request-id@file", "one-request-id@file"],
          // A service decodes these, so that it would see another path than the one that was routed.
          encodedCharacters: {
            allowEncodedSlash: false,
            allowEncodedBackSlash: false,
            allowEncodedNullCharacter: false,
          },
        },
      },
      [INTERNAL.name]: { address: `${INTERNAL.host}:${INTERNAL.port}` },
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
    // 32 kept connections (`004-036`).
    serversTransport: {
      maxIdleConnsPerHost: 32,
      // A container on this host accepts at once or is gone; 30 seconds, the default, would keep a client waiting.
      forwardingTimeouts: { dialTimeout: "2s", responseHeaderTimeout: config.responseTimeout },
    },
    ping: { entryPoint: INTERNAL.name },
    metrics: { prometheus: { entryPoint: INTERNAL.name, addRoutersLabels: true } },
    ...(config.traceUrl === undefined ? {} : { tracing: renderTracing(config.traceUrl) }),
    log: { level: "INFO", format: "json" },
    accessLog: {
      format: "json",
      // Headers may hold secrets; only the id is written.
      fields: { headers: { defaultMode: "drop", names: { [REQUEST_ID_HEADER]: "keep" } } },
    },
    experimental: { localPlugins: { [PLUGIN_NAME]: { moduleName: PLUGIN_MODULE } } },
  };
}

function renderTracing(traceUrl: string): object {
  return {
    serviceName: "traefik",
    otlp: { grpc: { endpoint: new URL(traceUrl).host, insecure: true } },
  };
}

/**
 * Traefik's dynamic configuration: what all routes share. The routes themselves are labels of containers.
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function renderDynamicConfig(rates: RequestRates = DEFAULT_REQUEST_RATES): object {
  assertPublicIsStricter(rates);
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
        "rate-limit": { rateLimit: { ...rates["rate-limit"] } },
        "rate-limit-public": { rateLimit: { ...rates["rate-limit-public"] } },
        "request-id": { plugin: { [PLUGIN_NAME]: { headerName: "X-Request-ID" } } },
        // Takes out the id that a service answers with; the one of `request-id` has another spelling and stays.
        "one-request-id": { headers: { customResponseHeaders: { [REQUEST_ID_HEADER]: "" } } },
        "retry-later": { headers: { customResponseHeaders: { "Retry-After": "10" } } },
      },
    },
  };
}

/** Below every route of a stage and above a frontend at `/`, which has 1. */
const UNAVAILABLE_PRIORITY = 2;

function assertPublicIsStricter(rates: RequestRates): void {
  const [internal, open] = [rates["rate-limit"], rates["rate-limit-public"]];
  if (open.burst < internal.burst && perSecond(open) < perSecond(internal)) return;
  throw new UserError(
    `rate-limit-public (${describeRate(open)}) must be stricter than rate-limit (${describeRate(internal)}): ` +
      "lower its burst and its average per period",
  );
}

function perSecond({ average, period }: RequestRate): number {
  return (average * 1000) / toMilliseconds(period);
}

function describeRate({ average, period, burst }: RequestRate): string {
  return `${average} per ${period}, burst ${burst}`;
}
