import { describe, expect, test } from "vitest";
import type { HttpRoute } from "../../../../../components/core/http-route.ts";
import { middlewareChain } from "../../../../../components/traefik/labels/middlewares.ts";

const PLAIN: HttpRoute = {
  name: "stage1-cleaning",
  prefix: "/api/v1/cleaning",
  match: "letters",
  strip: { name: "strip-stage1", prefix: "/api/v1/cleaning" },
  priority: 100,
  rateLimit: "rate-limit",
  port: 8000,
  health: { path: "/health", interval: "10s", timeout: "5s" },
};

/** With everything that a route may have. */
const FULL: HttpRoute = {
  ...PLAIN,
  rateLimit: { average: 10, period: "1m", burst: 5 },
  securityHeaders: true,
  cors: { origins: ["http://localhost:5173"] },
  authentication: "identity",
  compress: true,
  maxBody: "10 MB",
  inFlight: { amount: 50 },
  circuitBreaker: { serverErrors: 0.3 },
  retry: { attempts: 3 },
};

function namesOf(route: HttpRoute): string[] {
  return middlewareChain(route).map(({ reference }) => reference);
}

/** The labels of one middleware of the route's own, by option. */
function optionsOf(route: HttpRoute, role: string): Record<string, string> {
  const prefix = `traefik.http.middlewares.${route.name}-${role}.`;
  const labels = middlewareChain(route).flatMap((link) => Object.entries(link.labels));
  return Object.fromEntries(
    labels
      .filter(([label]) => label.startsWith(prefix))
      .map(([label, value]) => [label.slice(prefix.length), value]),
  );
}

describe("the chain of a route", () => {
  test("is the sources' for a route that asks for nothing (000-073 to 000-075)", () => {
    expect(namesOf(PLAIN)).toEqual(["rate-limit@file", "request-id@file", "strip-stage1"]);
  });

  test("has everything in the documented order", () => {
    expect(namesOf(FULL)).toEqual([
      "stage1-cleaning-rate-limit",
      "request-id@file",
      "security-headers@file",
      "stage1-cleaning-cors",
      "identity@file",
      "compress@file",
      "stage1-cleaning-max-body",
      "stage1-cleaning-in-flight",
      "stage1-cleaning-circuit-breaker",
      "stage1-cleaning-retry",
      "strip-stage1",
    ]);
  });

  test("asks for identity right after the request id where nothing shapes the answer", () => {
    expect(namesOf({ ...PLAIN, authentication: "identity" })).toEqual([
      "rate-limit@file",
      "request-id@file",
      "identity@file",
      "strip-stage1",
    ]);
  });

  test.each([
    ["none", { authentication: "none" }],
    ["false", { securityHeaders: false, compress: false }],
  ] as const)("has no link for what is %s", (_, changes) => {
    expect(namesOf({ ...PLAIN, ...changes })).toEqual(namesOf(PLAIN));
  });

  test("keeps the prefix where there is nothing to take away", () => {
    const { strip: _, ...kept } = PLAIN;

    expect(namesOf(kept)).toEqual(["rate-limit@file", "request-id@file"]);
  });

  test("names each of its own middlewares once, under the route's name", () => {
    const own = namesOf(FULL).filter((name) => name.startsWith("stage1-cleaning-"));

    expect(new Set(own).size).toBe(own.length);
    for (const name of own) expect(optionsOf(FULL, name.replace("stage1-cleaning-", ""))).not.toEqual({});
  });

  test("leads to a list of users by its name, and carries none of them", () => {
    const route: HttpRoute = { ...PLAIN, authentication: { basic: "operators" } };

    expect(namesOf(route)).toContain("basic-auth-operators@file");
    expect(JSON.stringify(middlewareChain(route))).not.toContain("users");
  });
});

describe("the options of a middleware", () => {
  test.each<[string, string, Partial<HttpRoute>, Record<string, string>]>([
    [
      "a limit",
      "rate-limit",
      { rateLimit: { average: 10, period: "1m", burst: 5 } },
      { "ratelimit.average": "10", "ratelimit.period": "1m", "ratelimit.burst": "5" },
    ],
    [
      "a body size in bytes",
      "max-body",
      { maxBody: "1.5 MB" },
      { "buffering.maxrequestbodybytes": "1572864" },
    ],
    [
      "requests in flight, all together",
      "in-flight",
      { inFlight: { amount: 5 } },
      { "inflightreq.amount": "5", "inflightreq.sourcecriterion.requestheadername": "X-Forwarded-Server" },
    ],
    [
      "requests in flight of each client",
      "in-flight",
      { inFlight: { amount: 5, per: "client" } },
      { "inflightreq.amount": "5", "inflightreq.sourcecriterion.ipstrategy.depth": "0" },
    ],
    [
      "a retry",
      "retry",
      { retry: { attempts: 3, initialInterval: "100ms" } },
      { "retry.attempts": "3", "retry.initialinterval": "100ms" },
    ],
  ])("say %s", (_, role, changes, expected) => {
    expect(optionsOf({ ...PLAIN, ...changes }, role)).toEqual(expected);
  });

  test.each([
    [{ networkErrors: 1 }, "NetworkErrorRatio() >= 1.0"],
    [{ serverErrors: 0.25 }, "ResponseCodeRatio(500, 600, 0, 600) >= 0.25"],
    [{ latency: { percent: 5, above: "2s" } }, "LatencyAtQuantileMS(95.0) > 2000"],
    [
      { networkErrors: 0.1, serverErrors: 0.5, latency: { percent: 50, above: "100ms" } },
      "NetworkErrorRatio() >= 0.1 || ResponseCodeRatio(500, 600, 0, 600) >= 0.5 || LatencyAtQuantileMS(50.0) > 100",
    ],
  ] as const)("open a breaker of %j by one expression", (circuitBreaker, expression) => {
    expect(optionsOf({ ...PLAIN, circuitBreaker }, "circuit-breaker")).toEqual({
      "circuitbreaker.expression": expression,
      "circuitbreaker.checkperiod": "100ms",
      "circuitbreaker.fallbackduration": "10s",
      "circuitbreaker.recoveryduration": "10s",
    });
  });

  test("let in an origin with what browsers usually send, and no password", () => {
    expect(optionsOf(FULL, "cors")).toEqual({
      "headers.accesscontrolalloworiginlist": "http://localhost:5173",
      "headers.accesscontrolallowcredentials": "false",
      "headers.accesscontrolallowmethods": "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS",
      "headers.accesscontrolallowheaders": "Authorization,Content-Type,X-Request-Id,traceparent",
      "headers.accesscontrolexposeheaders": "X-Request-Id",
      "headers.accesscontrolmaxage": "600",
      "headers.addvaryheader": "true",
    });
  });
});
