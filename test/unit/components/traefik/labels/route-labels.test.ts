import { expect, test } from "vitest";
import type { HttpRoute } from "../../../../../components/core/http-route.ts";
import { routeLabels } from "../../../../../components/traefik/labels/route-labels.ts";

const CLEANING: HttpRoute = {
  name: "stage1-cleaning",
  prefix: "/api/v1/cleaning",
  match: "letters",
  strip: { name: "strip-stage1", prefix: "/api/v1/cleaning" },
  priority: 100,
  rateLimit: "rate-limit",
  port: 8000,
  health: { path: "/health", interval: "10s", timeout: "5s" },
};

test("the labels of stage 1 are those of the sources, in their middleware order", () => {
  expect(routeLabels(CLEANING, "storytelling")).toEqual({
    "traefik.enable": "true",
    "storytelling.gateway": "storytelling",
    "traefik.http.routers.stage1-cleaning.rule": "PathPrefix(`/api/v1/cleaning`)",
    "traefik.http.routers.stage1-cleaning.priority": "100",
    "traefik.http.routers.stage1-cleaning.middlewares": "rate-limit@file,request-id@file,strip-stage1",
    "traefik.http.routers.stage1-cleaning.service": "stage1-cleaning",
    "traefik.http.middlewares.strip-stage1.stripprefix.prefixes": "/api/v1/cleaning",
    "traefik.http.services.stage1-cleaning.loadbalancer.server.port": "8000",
    "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.path": "/health",
    "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.interval": "10s",
    "traefik.http.services.stage1-cleaning.loadbalancer.healthcheck.timeout": "5s",
  });
});

test("stage 7 has the public path and the stricter limit", () => {
  const labels = routeLabels(
    {
      ...CLEANING,
      name: "stage7-api",
      prefix: "/api/v1/public",
      strip: { name: "strip-stage7", prefix: "/api/v1/public" },
      rateLimit: "rate-limit-public",
    },
    "storytelling",
  );

  expect(labels["traefik.http.routers.stage7-api.rule"]).toBe("PathPrefix(`/api/v1/public`)");
  expect(labels["traefik.http.routers.stage7-api.middlewares"]).toBe(
    "rate-limit-public@file,request-id@file,strip-stage7",
  );
});

test("two routes share no label but those that name their gateway", () => {
  const other = routeLabels(
    { ...CLEANING, name: "stage2-nlp", strip: { name: "strip-stage2", prefix: "/api/v1/nlp" } },
    "storytelling",
  );
  const shared = Object.keys(routeLabels(CLEANING, "storytelling")).filter((label) => label in other);

  expect(shared).toEqual(["traefik.enable", "storytelling.gateway"]);
});
