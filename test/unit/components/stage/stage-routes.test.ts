import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import type { StageRoute } from "../../../../components/stage/route.ts";
import { stageRoutes } from "../../../../components/stage/stage-routes.ts";
import { MINIMAL_STAGE } from "./fixtures.ts";

function furtherRoute(given: StageRoute, changes: Partial<StageDefinition> = {}) {
  const stage: StageDefinition = { ...MINIMAL_STAGE, ...changes, routes: { hooks: given } };
  return stageRoutes(stage)[1]?.route;
}

test("a stage without routes of its own has the one of the sources", () => {
  expect(stageRoutes(MINIMAL_STAGE)).toEqual([
    {
      field: "route",
      route: {
        name: "stage4-topic-models",
        prefix: "/api/v1/topic-models",
        match: "letters",
        strip: { name: "strip-stage4", prefix: "/api/v1/topic-models" },
        priority: 100,
        rateLimit: "rate-limit",
        port: 8000,
        health: { path: "/health", interval: "10s", timeout: "5s" },
      },
    },
  ]);
});

describe("a further route", () => {
  test("lies below the main one under its name, before it, and takes whole segments", () => {
    expect(furtherRoute({})).toMatchObject({
      name: "stage4-topic-models-hooks",
      prefix: "/api/v1/topic-models/hooks",
      match: "segments",
      priority: 104,
    });
  });

  test("shows the stage the path that the main route would show", () => {
    expect(furtherRoute({})?.strip).toEqual({ name: "strip-stage4-hooks", prefix: "/api/v1/topic-models" });
  });

  test("keeps the prefix where the main route does, unless it says otherwise", () => {
    const route = { stripPrefix: false };

    expect(furtherRoute({}, { route })).not.toHaveProperty("strip");
    expect(furtherRoute({ stripPrefix: true }, { route })).toHaveProperty("strip");
  });

  test("elsewhere takes its own prefix away, whatever the main route does", () => {
    expect(furtherRoute({ prefix: "/hooks" }, { route: { stripPrefix: false } })?.strip).toEqual({
      name: "strip-stage4-hooks",
      prefix: "/hooks",
    });
  });

  test("of a longer path comes before one of a shorter path", () => {
    const [short, long] = [furtherRoute({ prefix: "/a" }), furtherRoute({ prefix: "/a/b" })];

    expect(long?.priority).toBeGreaterThan(short?.priority ?? 0);
  });

  test("has nothing of what the main route asks for", () => {
    const route = { rateLimit: "rate-limit-public", authentication: "identity", timeout: "2m" } as const;

    expect(furtherRoute({}, { route })).toMatchObject({ rateLimit: "rate-limit" });
    expect(furtherRoute({}, { route })).not.toHaveProperty("authentication");
    expect(furtherRoute({}, { route })).not.toHaveProperty("timeout");
  });
});

describe("a route at /", () => {
  const [main] = stageRoutes({ ...MINIMAL_STAGE, route: { prefix: "/" } });

  test("comes after all others and has nothing to take away", () => {
    expect(main?.route.priority).toBe(1);
    expect(main?.route).not.toHaveProperty("strip");
  });

  test("has its further routes right below it", () => {
    expect(furtherRoute({}, { route: { prefix: "/" } })).toMatchObject({ prefix: "/hooks", priority: 2 });
  });
});

test("pages have security headers unless they refuse them, an API only when it asks", () => {
  const services = { web: { kind: "frontend" } } as const;
  const headersOf = (changes: Partial<StageDefinition>) =>
    stageRoutes({ ...MINIMAL_STAGE, ...changes })[0]?.route.securityHeaders;

  expect(headersOf({ services })).toBe(true);
  expect(headersOf({ services, route: { securityHeaders: false } })).toBe(false);
  expect(headersOf({})).toBeUndefined();
});
