import { z } from "zod";
import type { CircuitBreaker, Cors, InFlightLimit, RequestRate, RouteRetry } from "../../core/http-route.ts";
import type { StageRoute } from "../route.ts";
import * as f from "./fields.ts";

type Fields<T> = Record<keyof T, z.ZodType>;

const rate = z.strictObject({
  average: f.wholeNumber(1, 1_000_000),
  period: f.positiveDuration,
  burst: f.wholeNumber(1, 1_000_000),
} satisfies Fields<RequestRate>);

const authentication = z.union(
  [z.enum(["none", "identity"]), z.strictObject({ basic: f.word })],
  'must be "none", "identity" or { basic: "name of a list of users" }; correct it',
);

const circuitBreaker = z.strictObject({
  networkErrors: f.share.optional(),
  serverErrors: f.share.optional(),
  latency: z.strictObject({ percent: f.wholeNumber(1, 99), above: f.positiveDuration }).optional(),
  checkPeriod: f.positiveDuration.optional(),
  fallbackDuration: f.positiveDuration.optional(),
  recoveryDuration: f.positiveDuration.optional(),
} satisfies Fields<CircuitBreaker>);

const cors = z.strictObject({
  origins: z.array(f.origin).min(1, "must name at least one origin; add it, or leave cors out"),
  credentials: z.boolean().optional(),
  methods: z
    .array(f.httpMethod)
    .min(1, "must name at least one method; add it or leave the key out")
    .optional(),
  headers: z
    .array(f.headerName)
    .min(1, "must name at least one header; add it or leave the key out")
    .optional(),
  exposedHeaders: z.array(f.headerName).optional(),
  maxAge: f.positiveDuration.optional(),
} satisfies Fields<Cors>);

/** The shape of a route. */
export const route = z.strictObject({
  prefix: f.routePrefix.optional(),
  host: f.domainName.optional(),
  stripPrefix: z.boolean().optional(),
  priority: f.wholeNumber(1, 10_000).optional(),
  rateLimit: z
    .union(
      [f.rateLimitName, rate],
      'must be the name of a limit or { average: 10, period: "1m", burst: 10 }; correct it',
    )
    .optional(),
  timeout: f.positiveDuration.optional(),
  retry: z
    .strictObject({
      attempts: f.wholeNumber(2, 10),
      initialInterval: f.positiveDuration.optional(),
    } satisfies Fields<RouteRetry>)
    .optional(),
  circuitBreaker: circuitBreaker.optional(),
  inFlight: z
    .strictObject({
      amount: f.wholeNumber(1, 100_000),
      per: f.oneOf("route", "client").optional(),
    } satisfies Fields<InFlightLimit>)
    .optional(),
  maxBody: f.bodySize.optional(),
  cors: cors.optional(),
  securityHeaders: z.boolean().optional(),
  compress: z.boolean().optional(),
  authentication: authentication.optional(),
  sticky: z.boolean().optional(),
  balancing: f.oneOf("round-robin", "least-busy").optional(),
  healthPath: f.urlPath.optional(),
  healthInterval: f.positiveDuration.optional(),
  healthTimeout: f.positiveDuration.optional(),
} satisfies Fields<StageRoute>);
