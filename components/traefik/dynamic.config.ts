import type { Duration } from "../core/units.ts";
import { type AdminAccess, renderAdminPages } from "./admin-pages.config.ts";
import { basicAuthMiddlewares } from "./basic-auth.ts";
import { REDIRECT_PRIORITY, WEB, WEBSECURE } from "./entry-points.config.ts";
import { type RequestRates, rateLimitMiddlewares } from "./request-rates.ts";
import { responseTimeoutTransports } from "./response-timeouts.ts";
import { sharedMiddlewares } from "./shared-middlewares.ts";
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
  /** Times that a service may take to begin its answer, beside the one of all. */
  readonly responseTimeouts: readonly Duration[];
  /** Names of the lists of users. */
  readonly userLists: readonly string[];
  /** Pages for administrators. None unless given. */
  readonly admin?: AdminAccess;
  /** Where the certificate comes from. No TLS unless given. */
  readonly certificate?: CertificateSource;
}

/**
 * Traefik's dynamic configuration: what all routes share. The routes themselves are labels of containers.
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function renderDynamicConfig(config: DynamicConfig): object {
  const admin = renderAdminPages(config.admin, { middleware: "nothing-here", service: "nobody" });
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
        ...rateLimitMiddlewares(config.rates, config.trustedProxies),
        ...sharedMiddlewares(),
        ...basicAuthMiddlewares(config.userLists),
        ...admin.middlewares,
        ...(config.certificate === undefined ? {} : { "strict-transport": strictTransport() }),
      },
      // Traefik takes an empty map for a mistake.
      ...(config.responseTimeouts.length === 0
        ? {}
        : { serversTransports: responseTimeoutTransports(config.responseTimeouts) }),
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

function strictTransport(): object {
  return { headers: { stsSeconds: STRICT_TRANSPORT_SECONDS } };
}
