import { LOGGED_PATH_HEADER, REQUEST_ID_HEADER } from "./access-log.config.ts";
import { CLIENT_BODY_PLUGIN, REQUEST_ID_PLUGIN } from "./entry-plugins.ts";

/** Names of the middlewares that all routes share. They describe no stage, so that they stand in the gateway's file. */
export const SHARED = {
  requestId: "request-id",
  identity: "identity",
  securityHeaders: "security-headers",
  compress: "compress",
} as const;

/** What routes ask for by name, and what the gateway puts before every route. */
export function sharedMiddlewares(): Readonly<Record<string, object>> {
  return {
    [SHARED.requestId]: {
      plugin: {
        [REQUEST_ID_PLUGIN.name]: { headerName: "X-Request-ID", pathHeaderName: LOGGED_PATH_HEADER },
      },
    },
    [CLIENT_BODY_PLUGIN.name]: { plugin: { [CLIENT_BODY_PLUGIN.name]: {} } },
    // Takes out the id that a service answers with; the one of `request-id` has another spelling and stays.
    "one-request-id": { headers: { customResponseHeaders: { [REQUEST_ID_HEADER]: "" } } },
    "retry-later": { headers: { customResponseHeaders: { "Retry-After": "10" } } },
    // No client has this address, so every one is told that there is nothing.
    "nothing-here": { ipAllowList: { sourceRange: ["255.255.255.255/32"], rejectStatusCode: 404 } },
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
