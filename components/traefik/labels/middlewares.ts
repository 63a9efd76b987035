import type { HttpRoute } from "../../core/http-route.ts";
import type { Labels } from "../../core/labels.ts";
import { toBytes } from "../../core/units.ts";
import { basicAuthName } from "../basic-auth.ts";
import { SHARED } from "../shared-middlewares.ts";
import { circuitBreakerOptions } from "./circuit-breaker.ts";
import { corsOptions } from "./cors.ts";
import { middlewareLabels, type Options } from "./options.ts";

/** A link of a route's chain: the name by which the router asks for it, and the labels that make it, if it is its own. */
export interface Middleware {
  readonly reference: string;
  readonly labels: Labels;
}

type Link = (route: HttpRoute) => Middleware | undefined;

/**
 * Every middleware that a route may have, in the order in which a request passes them. First and last are those of the
 * sources (`000-073` to `000-075`). Between them: what shapes every answer, then who may pass, then what protects the
 * service. CORS comes before authentication, because a browser asks for leave without a password; a body is complete
 * before it takes a place in flight; the breaker sees what the retries have come to.
 */
const LINKS: readonly Link[] = [
  ({ name, rateLimit }) =>
    typeof rateLimit === "string"
      ? shared(rateLimit)
      : own(name, "rate-limit", "ratelimit", { ...rateLimit }),
  () => shared(SHARED.requestId),
  ({ securityHeaders }) => (securityHeaders === true ? shared(SHARED.securityHeaders) : undefined),
  ({ name, cors }) => cors && own(name, "cors", "headers", corsOptions(cors)),
  authentication,
  ({ compress }) => (compress === true ? shared(SHARED.compress) : undefined),
  ({ name, maxBody }) =>
    maxBody === undefined
      ? undefined
      : own(name, "max-body", "buffering", { maxrequestbodybytes: toBytes(maxBody) }),
  ({ name, inFlight }) => inFlight && own(name, "in-flight", "inflightreq", inFlightOptions(inFlight)),
  ({ name, circuitBreaker }) =>
    circuitBreaker && own(name, "circuit-breaker", "circuitbreaker", circuitBreakerOptions(circuitBreaker)),
  ({ name, retry }) => retry && own(name, "retry", "retry", { ...retry }),
  ({ strip }) =>
    strip && {
      reference: strip.name,
      labels: middlewareLabels(strip.name, "stripprefix", { prefixes: strip.prefix }),
    },
];

/** The chain of a route, in order. */
export function middlewareChain(route: HttpRoute): Middleware[] {
  return LINKS.map((link) => link(route)).filter((link) => link !== undefined);
}

function authentication({ authentication: who = "none" }: HttpRoute): Middleware | undefined {
  if (who === "none") return undefined;
  return shared(who === "identity" ? SHARED.identity : basicAuthName(who.basic));
}

/**
 * Without more, Traefik counts by the host name that a client asks for, so that whoever invents names is never too many. The
 * header is one that the gateway itself writes, the same for every request.
 */
function inFlightOptions({ amount, per }: NonNullable<HttpRoute["inFlight"]>): Options {
  return per === "client"
    ? { amount, "sourcecriterion.ipstrategy.depth": 0 }
    : { amount, "sourcecriterion.requestheadername": "X-Forwarded-Server" };
}

/** A middleware of the gateway's file. */
function shared(name: string): Middleware {
  return { reference: `${name}@file`, labels: {} };
}

/** A middleware of this route alone. */
function own(routeName: string, role: string, type: string, options: Options): Middleware {
  const name = `${routeName}-${role}`;
  return { reference: name, labels: middlewareLabels(name, type, options) };
}
