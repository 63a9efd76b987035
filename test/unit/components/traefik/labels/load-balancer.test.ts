import { expect, test } from "vitest";
import type { HttpRoute } from "../../../../../components/core/http-route.ts";
import { loadBalancerLabels } from "../../../../../components/traefik/labels/load-balancer.ts";

const PLAIN: HttpRoute = {
  name: "stage7-api",
  prefix: "/api/v1/public",
  match: "letters",
  priority: 100,
  rateLimit: "rate-limit",
  port: 9000,
  health: { path: "/ready", interval: "30s", timeout: "2s" },
};

const BASE = "traefik.http.services.stage7-api.loadbalancer";

test("a service says its port and how its health is asked, and nothing else unless asked for", () => {
  expect(loadBalancerLabels(PLAIN)).toEqual({
    [`${BASE}.server.port`]: "9000",
    [`${BASE}.healthcheck.path`]: "/ready",
    [`${BASE}.healthcheck.interval`]: "30s",
    [`${BASE}.healthcheck.timeout`]: "2s",
  });
});

test.each<[string, Partial<HttpRoute>, Record<string, string>]>([
  [
    "a timeout, whatever its spelling",
    { timeout: "2m" },
    { serverstransport: "response-timeout-120000ms@file" },
  ],
  ["turns", { balancing: "round-robin" }, { strategy: "wrr" }],
  ["the less busy replica", { balancing: "least-busy" }, { strategy: "p2c" }],
  [
    "a cookie for this route alone",
    { sticky: true },
    {
      "sticky.cookie.name": "stage7-api",
      "sticky.cookie.path": "/api/v1/public",
      "sticky.cookie.httponly": "true",
      "sticky.cookie.samesite": "lax",
    },
  ],
])("%s", (_, changes, expected) => {
  const labels = Object.entries(expected).map(([option, value]) => [`${BASE}.${option}`, value]);

  expect(loadBalancerLabels({ ...PLAIN, ...changes })).toEqual({
    ...loadBalancerLabels(PLAIN),
    ...Object.fromEntries(labels),
  });
});
