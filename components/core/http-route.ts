import type { Duration, Size } from "./units.ts";

/** `burst` requests at once, then `average` in each `period`; for each client address (C-22). */
export interface RequestRate {
  readonly average: number;
  readonly period: Duration;
  readonly burst: number;
}

/**
 * Who may pass. `identity` asks the platform's identity service about each request; `basic` asks for a name and a
 * password of that list of users of the deployment.
 */
export type RouteAuthentication = "none" | "identity" | { readonly basic: string };

/** A request that reached no server is sent again. One that was sent and not answered never is: it may have had an effect. */
export interface RouteRetry {
  /** Most attempts, the first one included. */
  readonly attempts: number;
  /** Wait before the second attempt; further ones wait up to twice as long. None unless given. */
  readonly initialInterval?: Duration;
}

/** Answers 503 at once while too much goes wrong. Each threshold that is given opens it by itself. */
export interface CircuitBreaker {
  /** Share of requests that reached no server or were not answered in time, above 0 and at most 1. */
  readonly networkErrors?: number;
  /** Share of answers from 500 to 599, above 0 and at most 1. */
  readonly serverErrors?: number;
  /** So many percent of the requests take longer than that. */
  readonly latency?: { readonly percent: number; readonly above: Duration };
  /** How often the thresholds are looked at while it is closed. 100ms unless given. */
  readonly checkPeriod?: Duration;
  /** How long it answers 503 before it tries again. 10s unless given. */
  readonly fallbackDuration?: Duration;
  /** How long it takes to let everything through again. 10s unless given. */
  readonly recoveryDuration?: Duration;
}

/** Requests at a time; more are answered with 429. */
export interface InFlightLimit {
  readonly amount: number;
  /** Whether it counts all clients together, or each address by itself. `route` unless given. */
  readonly per?: "route" | "client";
}

/** Which pages of other origins a browser lets call the route (`001-048`, `003-034`). */
export interface Cors {
  /** `scheme://host[:port]` each, or `*` alone for every page of the world. */
  readonly origins: readonly string[];
  /** Whether cookies and passwords go along. They do not unless given, and never together with `*` (`003-077`). */
  readonly credentials?: boolean;
  /** All that change or read something unless given: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS. */
  readonly methods?: readonly string[];
  /** Headers that a page may send. Authorization, Content-Type, X-Request-Id and traceparent unless given. */
  readonly headers?: readonly string[];
  /** Headers of the answer that a page may read. X-Request-Id unless given. */
  readonly exposedHeaders?: readonly string[];
  /** How long a browser keeps this answer. 10m unless given. */
  readonly maxAge?: Duration;
}

/** What the gateway does with the requests of a route beyond leading them on. Nothing of it unless given. */
export interface RouteBehaviour {
  /** Limit for each client: a name that the deployment knows, or one of the route's own. */
  readonly rateLimit?: string | RequestRate;
  /** How long the service may take to begin its answer; then it is 504. One that the deployment offers; 60s unless given (`004-079`). */
  readonly timeout?: Duration;
  readonly retry?: RouteRetry;
  readonly circuitBreaker?: CircuitBreaker;
  readonly inFlight?: InFlightLimit;
  /** Largest body of a request; more is answered with 413. The gateway then keeps request and answer until they are complete. */
  readonly maxBody?: Size;
  readonly cors?: Cors;
  /** Whether answers tell browsers not to guess types, to be framed by strangers or to pass the address on. */
  readonly securityHeaders?: boolean;
  /** Whether answers of 1 KB and more are compressed, but for streams of events. */
  readonly compress?: boolean;
  readonly authentication?: RouteAuthentication;
  /** Whether a client stays with one replica, by a cookie. */
  readonly sticky?: boolean;
  /** How replicas share the work: in turns, or the less busy of two that are drawn (`001-055`). `round-robin` unless given. */
  readonly balancing?: "round-robin" | "least-busy";
}

/** A path of the gateway that leads to a container. */
export interface HttpRoute extends RouteBehaviour {
  /** Name of the router and of the service, `stage{N}-{name}`, or `stage{N}-{name}-{route}`. */
  readonly name: string;
  /** Path prefix that is matched. */
  readonly prefix: string;
  /** By `letters`, `/a` also leads `/ab` here, as the rule of the sources does (`000-071`); by `segments`, only `/a` and `/a/b`. */
  readonly match: "letters" | "segments";
  /** Host name that is matched. Any unless given (`004-038`). */
  readonly host?: string;
  /** What is taken away before the request reaches the container, and by the middleware of which name. Nothing unless given. */
  readonly strip?: { readonly name: string; readonly prefix: string };
  readonly priority: number;
  readonly rateLimit: string | RequestRate;
  /** Port in the container. */
  readonly port: number;
  readonly health: { readonly path: string; readonly interval: Duration; readonly timeout: Duration };
}
