import type { Cors } from "../../core/http-route.ts";
import { toMilliseconds } from "../../core/units.ts";
import type { Options } from "./options.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const REQUEST_HEADERS = ["Authorization", "Content-Type", "X-Request-Id", "traceparent"] as const;
const RESPONSE_HEADERS = ["X-Request-Id"] as const;

/** What the gateway tells a browser about other origins. Caches keep the answers for different origins apart. */
export function corsOptions(cors: Cors): Options {
  return {
    accesscontrolalloworiginlist: cors.origins.join(","),
    accesscontrolallowcredentials: cors.credentials ?? false,
    accesscontrolallowmethods: (cors.methods ?? METHODS).join(","),
    accesscontrolallowheaders: (cors.headers ?? REQUEST_HEADERS).join(","),
    accesscontrolexposeheaders: (cors.exposedHeaders ?? RESPONSE_HEADERS).join(","),
    accesscontrolmaxage: Math.round(toMilliseconds(cors.maxAge ?? "10m") / 1000),
    addvaryheader: true,
  };
}
