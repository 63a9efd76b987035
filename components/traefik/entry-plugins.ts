import type { LocalPlugin } from "./local-plugins.ts";

/** Gives requests an id. Traefik has no middleware for that (C-21). */
export const REQUEST_ID_PLUGIN = {
  name: "request-id",
  module: "storytelling.local/requestid",
  source: "requestid.go",
} as const satisfies LocalPlugin;

/** Answers 499 and not 5xx for a request whose body breaks off or is malformed: no service failed. */
export const CLIENT_BODY_PLUGIN = {
  name: "client-body",
  module: "storytelling.local/clientbody",
  source: "clientbody.go",
} as const satisfies LocalPlugin;

/** The plugins in front of every route. */
export const ENTRY_PLUGINS: readonly LocalPlugin[] = [REQUEST_ID_PLUGIN, CLIENT_BODY_PLUGIN];
