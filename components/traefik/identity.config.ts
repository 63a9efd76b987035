import type { ConfigFile } from "../core/config-file.ts";
import { toYaml } from "../core/yaml.ts";
import { type LocalPlugin, pluginFiles } from "./local-plugins.ts";
import { SHARED } from "./shared-middlewares.ts";

/** How the gateway asks an identity service whether a request may pass. */
export interface IdentityCheck {
  /** `http://<host>:<port>`, reachable from the platform's network. */
  readonly address: string;
  /** Path of the question, for example `/auth/validate`. */
  readonly path: string;
  /** Method of the question: GET, or the one of the client. */
  readonly method: "GET" | "client";
  /** Headers of the client that the identity service needs. */
  readonly requestHeaders: readonly string[];
  /** Headers of its answer that the stage gets. No client can set them. */
  readonly responseHeaders: readonly string[];
  /** Whether the identity service is told the `X-Forwarded-*` of the client, for a gateway behind another proxy. */
  readonly trustForwardHeader: boolean;
}

const IDENTITY_CONFIG_PATH = "/etc/traefik/dynamic/identity.yml";

/** Only Traefik itself gets there: it listens on the container's own loopback address. */
const LOOPBACK = { name: "identity", address: "127.0.0.1:8083" } as const;

/** Takes headers from clients that only the identity service may set. */
const CLIENT_HEADERS = {
  name: "client-headers",
  module: "storytelling.local/clientheaders",
  source: "clientheaders.go",
} as const satisfies LocalPlugin;

/** Answers 503 for an identity service that cannot be asked. */
const IDENTITY_FAILURE = {
  name: "identity-failure",
  module: "storytelling.local/identityfailure",
  source: "identityfailure.go",
} as const satisfies LocalPlugin;

export const IDENTITY_PLUGINS: readonly LocalPlugin[] = [CLIENT_HEADERS, IDENTITY_FAILURE];

/** Middlewares of every entry point for clients, so that no route, public or not, gets a user's name from a client. */
export const IDENTITY_GUARDS: readonly string[] = ["client-headers@file"];

/** The entry point by which the gateway asks itself, so that it can answer for an identity service that is away. */
export const IDENTITY_ENTRY_POINT = {
  // The question carries what was asked in X-Forwarded-Uri and X-Forwarded-Method.
  [LOOPBACK.name]: { address: LOOPBACK.address, forwardedHeaders: { trustedIPs: ["127.0.0.1/32"] } },
} as const;

/** The longest answer: it says who the user is, or shows a page to log in. */
const MAX_ANSWER_BYTES = 1_048_576;

/** What the gateway needs to ask the identity service, in files of their own. */
export function identityFiles(check: IdentityCheck): ConfigFile[] {
  return [
    { path: IDENTITY_CONFIG_PATH, content: toYaml(renderIdentityConfig(check)) },
    ...IDENTITY_PLUGINS.flatMap(pluginFiles),
  ];
}

/**
 * The middleware `identity` (`003-001`), and a way to the service on which each failure becomes 503 (`003-006`): asked
 * directly, Traefik answers 500 for a service that is away, which nobody could tell from a 500 of the stage.
 */
export function renderIdentityConfig(check: IdentityCheck): object {
  return {
    http: {
      routers: {
        identity: {
          rule: "PathPrefix(`/`)",
          entryPoints: [LOOPBACK.name],
          middlewares: [IDENTITY_FAILURE.name, "identity-retry"],
          service: "identity",
          // The line of the request itself says all.
          observability: { accessLogs: false },
        },
      },
      services: {
        identity: {
          loadBalancer: {
            servers: [{ url: check.address }],
            passHostHeader: false,
            serversTransport: "identity",
          },
        },
      },
      serversTransports: {
        // A client waits for the answer before its request begins.
        identity: {
          maxIdleConnsPerHost: 32,
          forwardingTimeouts: { dialTimeout: "2s", responseHeaderTimeout: "5s" },
        },
      },
      middlewares: {
        [CLIENT_HEADERS.name]: {
          plugin: { [CLIENT_HEADERS.name]: { prefixes: ["X-User-"], names: [...check.responseHeaders] } },
        },
        [IDENTITY_FAILURE.name]: { plugin: { [IDENTITY_FAILURE.name]: {} } },
        // A kept connection may be closed at the moment it is used.
        "identity-retry": { retry: { attempts: 2 } },
        [SHARED.identity]: { forwardAuth: forwardAuth(check) },
      },
    },
  };
}

function forwardAuth(check: IdentityCheck): object {
  return {
    address: `http://${LOOPBACK.address}${check.path}`,
    trustForwardHeader: check.trustForwardHeader,
    authRequestHeaders: [...check.requestHeaders, "X-Request-Id"],
    authResponseHeaders: [...check.responseHeaders],
    maxResponseBodySize: MAX_ANSWER_BYTES,
    preserveLocationHeader: true,
    preserveRequestMethod: check.method === "client",
  };
}
