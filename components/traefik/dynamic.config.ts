import { LOGGED_PATH_HEADER, REQUEST_ID_HEADER } from "./access-log.config.ts";
import { type AdminPage, renderAdminPages } from "./admin-pages.config.ts";
import { REDIRECT_PRIORITY, WEB, WEBSECURE } from "./entry-points.config.ts";
import { PLUGIN_NAME } from "./request-id-plugin.ts";
import { type RequestRates, renderRateLimits } from "./request-rates.config.ts";
import { type CertificateSource, renderTlsOptions } from "./tls.config.ts";

/** Where the sources look for it (`000-128`). */
export const DYNAMIC_CONFIG_PATH = "/etc/traefik/dynamic/dynamic.yml";

/** Below every route of a stage and above a frontend at `/`, which has 1. */
const UNAVAILABLE_PRIORITY = 2;

/** Below everything. */
const NOTHING_PRIORITY = -1;

/** One year (RFC 6797 names no least time; browsers' own lists ask for this one). */
const STRICT_TRANSPORT_SECONDS = 31_536_000;

export interface DynamicConfig {
  readonly rates: RequestRates;
  /** Networks of proxies that are believed about who their client is. */
  readonly trustedProxies: readonly string[];
  /** Who answers `/health`, `http://<host>:<port>`. The gateway answers for itself unless given. */
  readonly healthUrl?: string;
  /** Pages for administrators. None unless given. */
  readonly adminPages?: readonly AdminPage[];
  /** Where the certificate comes from. No TLS unless given. */
  readonly certificate?: CertificateSource;
}

/**
 * Traefik's dynamic configuration: what all routes share. The routes themselves are labels of containers.
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function renderDynamicConfig(config: DynamicConfig): object {
  const admin = renderAdminPages(config.adminPages, { middleware: "nothing-here", service: "nobody" });
  return {
    http: {
      routers: {
        health: healthRouter(config),
        ...admin.routers,
        unavailable: {
          rule: "PathRegexp(`^/api/v1/[^/]+`)",
          priority: UNAVAILABLE_PRIORITY,
          middlewares: ["retry-later"],
          service: "nobody",
        },
        // Without it the gateway's own 404 would have no request id, neither in the answer nor in the log.
        nothing: {
          rule: "PathPrefix(`/`)",
          priority: NOTHING_PRIORITY,
          middlewares: ["nothing-here"],
          service: "nobody",
        },
      },
      services: {
        ...(config.healthUrl === undefined ? {} : { health: healthService(config.healthUrl) }),
        ...admin.services,
        // A stage that is stopped or starting has no route of its own; without this the answer would be 404.
        nobody: { loadBalancer: { servers: [] } },
      },
      middlewares: {
        ...renderRateLimits(config.rates, config.trustedProxies),
        ...sharedMiddlewares(),
        ...admin.middlewares,
        ...(config.certificate === undefined ? {} : { "strict-transport": strictTransport() }),
      },
    },
    ...(config.certificate === undefined ? {} : renderTlsOptions(config.certificate)),
  };
}

/** Asked every few seconds by whoever watches the host, which may speak no TLS (`004-042`). */
function healthRouter({ healthUrl, certificate }: DynamicConfig): object {
  return {
    rule: "Path(`/health`)",
    ...(certificate === undefined ? {} : { entryPoints: [WEB.name, WEBSECURE.name] }),
    priority: REDIRECT_PRIORITY + 1,
    service: healthUrl === undefined ? "ping@internal" : "health",
    observability: { accessLogs: false, metrics: false, tracing: false },
  };
}

function healthService(url: string): object {
  return { loadBalancer: { servers: [{ url }] } };
}

function sharedMiddlewares(): Record<string, object> {
  return {
    "request-id": {
      plugin: { [PLUGIN_NAME]: { headerName: "X-Request-ID", pathHeaderName: LOGGED_PATH_HEADER } },
    },
    // Takes out the id that a service answers with; the one of `request-id` has another spelling and stays.
    "one-request-id": { headers: { customResponseHeaders: { [REQUEST_ID_HEADER]: "" } } },
    "retry-later": { headers: { customResponseHeaders: { "Retry-After": "10" } } },
    // No client has this address, so every one is told that there is nothing.
    "nothing-here": { ipAllowList: { sourceRange: ["255.255.255.255/32"], rejectStatusCode: 404 } },
  };
}

function strictTransport(): object {
  return { headers: { stsSeconds: STRICT_TRANSPORT_SECONDS } };
}
