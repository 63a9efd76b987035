import type { Duration } from "../core/units.ts";
import { IDENTITY_ENTRY_POINT, IDENTITY_GUARDS } from "./identity.config.ts";
import { type CertificateSource, renderEntryPointTls } from "./tls.config.ts";

/** Entry point of clients. Where TLS is on, it leads to `websecure` and answers `/health` alone. */
export const WEB = { name: "web", port: 80 } as const;
/** Entry point of clients that speak TLS (`001-047`). */
export const WEBSECURE = { name: "websecure", port: 443 } as const;
/**
 * Entry point of the platform itself: metrics and the container's own health. Never published, and bound to the one address
 * that has this name, on a network without stages.
 */
export const INTERNAL = { name: "internal", host: "traefik-internal", port: 8082 } as const;

/** Above every route, so that nothing but `/health` and an ACME challenge is answered without TLS. */
export const REDIRECT_PRIORITY = 10_000;

/** Far more than a browser sends, and a sixteenth of what Traefik would read into memory for each connection. */
const MAX_HEADER_BYTES = 65_536;

export interface EntryPointsConfig {
  /** How long a client may take to send its request. An answer may take longer. */
  readonly requestTimeout: Duration;
  /** Networks of proxies whose `X-Forwarded-*` is believed; those of everybody else are replaced (`004-040`). */
  readonly trustedProxies: readonly string[];
  /** Whether routes may ask an identity service. */
  readonly identity: boolean;
  /** TLS with this certificate. Off unless given. */
  readonly tls?: {
    readonly source: CertificateSource;
    /** Port by which clients reach `websecure`. */
    readonly publicPort: number;
  };
}

/**
 * Where the gateway listens. Routers name no entry point: they belong to the one with `asDefault`, so that switching TLS
 * on changes no route and no stage.
 */
export function renderEntryPoints(config: EntryPointsConfig): object {
  const internal = {
    [INTERNAL.name]: { address: `${INTERNAL.host}:${INTERNAL.port}` },
    ...(config.identity ? IDENTITY_ENTRY_POINT : {}),
  };
  if (config.tls === undefined) {
    return { [WEB.name]: { ...listener(WEB.port, config), asDefault: true }, ...internal };
  }
  const secure = listener(WEBSECURE.port, config, ["strict-transport@file"]);
  return {
    [WEB.name]: withHttp(listener(WEB.port, config), { redirections: redirection(config.tls.publicPort) }),
    [WEBSECURE.name]: {
      ...withHttp(secure, { tls: renderEntryPointTls(config.tls.source) }),
      asDefault: true,
    },
    ...internal,
  };
}

function listener(port: number, config: EntryPointsConfig, middlewares: readonly string[] = []) {
  return {
    address: `:${port}`,
    ...(config.trustedProxies.length === 0
      ? {}
      : { forwardedHeaders: { trustedIPs: [...config.trustedProxies] } }),
    // The time to read is for headers and body together; answers may stream for as long as they like.
    transport: {
      respondingTimeouts: { readTimeout: config.requestTimeout, writeTimeout: "0s", idleTimeout: "90s" },
    },
    http: {
      // Also in front of each router's own chain, so that an answer of the gateway itself (429) has an id, too.
      middlewares: [
        "request-id@file",
        "one-request-id@file",
        "client-body@file",
        ...(config.identity ? IDENTITY_GUARDS : []),
        ...middlewares,
      ],
      maxHeaderBytes: MAX_HEADER_BYTES,
      // A service decodes these, so that it would see another path than the one that was routed.
      encodedCharacters: {
        allowEncodedSlash: false,
        allowEncodedBackSlash: false,
        allowEncodedNullCharacter: false,
      },
    },
  };
}

function withHttp(entryPoint: ReturnType<typeof listener>, more: object): object {
  return { ...entryPoint, http: { ...entryPoint.http, ...more } };
}

function redirection(publicPort: number): object {
  return {
    entryPoint: { to: `:${publicPort}`, scheme: "https", permanent: true, priority: REDIRECT_PRIORITY },
  };
}
