import { REQUEST_ID_PLUGIN } from "./request-id-plugin.ts";

/** Names of the middlewares that all routes share. They describe no stage, so that they stand in the gateway's file. */
export const SHARED = {
  requestId: "request-id",
  identity: "identity",
  securityHeaders: "security-headers",
  compress: "compress",
} as const;

export const REQUEST_ID_HEADER = "X-Request-Id";

/** What routes ask for by name, and what the gateway puts before every route. */
export function sharedMiddlewares(): Readonly<Record<string, object>> {
  return {
    [SHARED.requestId]: { plugin: { [REQUEST_ID_PLUGIN.name]: { headerName: "X-Request-ID" } } },
    // Takes out the id that a service answers with; the one of `request-id` has another spelling and stays.
    "one-request-id": { headers: { customResponseHeaders: { [REQUEST_ID_HEADER]: "" } } },
    "retry-later": { headers: { customResponseHeaders: { "Retry-After": "10" } } },
    [SHARED.securityHeaders]: {
      headers: {
        contentTypeNosniff: true,
        customFrameOptionsValue: "SAMEORIGIN",
        referrerPolicy: "strict-origin-when-cross-origin",
        // They tell an attacker the program and its version.
        customResponseHeaders: { Server: "", "X-Powered-By": "" },
      },
    },
    // A stream that is compressed would reach the client in lumps.
    [SHARED.compress]: { compress: { excludedContentTypes: ["text/event-stream"] } },
  };
}
