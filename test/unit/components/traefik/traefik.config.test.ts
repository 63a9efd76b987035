import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { UserError } from "../../../../components/core/errors.ts";
import { toYaml } from "../../../../components/core/yaml.ts";
import { DEFAULT_REQUEST_RATES } from "../../../../components/traefik/request-rates.ts";
import { renderDynamicConfig, renderStaticConfig } from "../../../../components/traefik/traefik.config.ts";

const STATIC = {
  networkName: "storytelling",
  dockerApiUrl: "tcp://docker-api:2375",
  traceUrl: "http://tempo:4317",
  responseTimeout: "60s",
} as const;

describe("renderStaticConfig", () => {
  const config: unknown = parse(toYaml(renderStaticConfig(STATIC)));

  test("finds routes through the proxy, on containers that ask for one", () => {
    expect(config).toHaveProperty("providers.docker", {
      endpoint: "tcp://docker-api:2375",
      exposedByDefault: false,
      network: "storytelling",
      constraints: "Label(`storytelling.gateway`, `storytelling`)",
    });
  });

  test("watches the folder of the dynamic file", () => {
    expect(config).toHaveProperty("providers.file", { directory: "/etc/traefik/dynamic", watch: true });
  });

  test("keeps its own health and metrics away from clients", () => {
    expect(config).toMatchObject({
      entryPoints: { web: { address: ":80" } },
      ping: { entryPoint: "internal" },
      metrics: { prometheus: { entryPoint: "internal" } },
    });
    expect(config).not.toHaveProperty("api");
  });

  test("numbers a request before any middleware may answer it", () => {
    expect(config).toHaveProperty("entryPoints.web.http.middlewares.0", "request-id@file");
  });

  test("logs access as JSON with no header but the request id", () => {
    expect(config).toHaveProperty("accessLog", {
      format: "json",
      fields: { headers: { defaultMode: "drop", names: { "X-Request-Id": "keep" } } },
    });
  });

  test("sends traces over gRPC to the given host", () => {
    expect(config).toHaveProperty("tracing", {
      serviceName: "traefik",
      otlp: { grpc: { endpoint: "tempo:4317", insecure: true } },
    });
  });

  test("makes no traces without a place for them", () => {
    const { traceUrl: _, ...withoutTraces } = STATIC;

    expect(renderStaticConfig(withoutTraces)).not.toHaveProperty("tracing");
  });

  test("is the reviewed file", async () => {
    await expect(toYaml(renderStaticConfig(STATIC))).toMatchFileSnapshot(
      "../../../golden/traefik.static.yml",
    );
  });
});

interface DynamicConfig {
  readonly http: {
    readonly routers: Readonly<Record<string, Router>>;
    readonly services: Readonly<Record<string, object>>;
    readonly middlewares: Readonly<Record<string, object>>;
  };
}

interface Router {
  readonly rule: string;
  readonly priority: number;
  readonly service: string;
  readonly middlewares?: readonly string[];
}

describe("renderDynamicConfig", () => {
  const { http } = parse(toYaml(renderDynamicConfig())) as DynamicConfig;

  test("has the three shared middlewares under the sources' names", () => {
    expect(Object.keys(http.middlewares)).toEqual(
      expect.arrayContaining(["rate-limit", "rate-limit-public", "request-id"]),
    );
  });

  test("limits to 100 a minute with a burst of 100, and the public route to less", () => {
    expect(http.middlewares).toMatchObject({
      "rate-limit": { rateLimit: { average: 100, period: "1m", burst: 100 } },
      "rate-limit-public": { rateLimit: { average: 30, period: "1m", burst: 30 } },
    });
  });

  test("catches a stage that is away below every stage's priority and above a frontend's", () => {
    expect(http.routers["unavailable"]?.rule).toBe("PathRegexp(`^/api/v1/[^/]+`)");
    expect(http.routers["unavailable"]?.priority).toBeLessThan(100);
    expect(http.routers["unavailable"]?.priority).toBeGreaterThan(1);
    expect(http.services["unavailable"]).toEqual({ loadBalancer: { servers: [] } });
  });

  test("answers /health before any route and leaves no trace of it", () => {
    expect(http.routers["health"]).toMatchObject({
      rule: "Path(`/health`)",
      service: "ping@internal",
      observability: { accessLogs: false, metrics: false, tracing: false },
    });
    expect(http.routers["health"]?.priority).toBeGreaterThan(100);
  });

  test("names only middlewares and services that exist", () => {
    const routers = Object.values(http.routers);
    const services = routers
      .map(({ service }) => service)
      .filter((service) => !service.endsWith("@internal"));

    expect(Object.keys(http.services)).toEqual(expect.arrayContaining(services));
    expect(Object.keys(http.middlewares)).toEqual(
      expect.arrayContaining(routers.flatMap(({ middlewares }) => middlewares ?? [])),
    );
  });

  test.each([
    ["the same limit", DEFAULT_REQUEST_RATES["rate-limit"]],
    ["a higher burst", { average: 30, period: "1m", burst: 101 }],
    ["a higher average by a shorter period", { average: 30, period: "1s", burst: 10 }],
  ] as const)("refuses %s for the public route", (_what, open) => {
    expect(() =>
      renderDynamicConfig({ rates: { ...DEFAULT_REQUEST_RATES, "rate-limit-public": open } }),
    ).toThrow(UserError);
  });

  test("says which limits contradict each other and what to do", () => {
    const rates = {
      ...DEFAULT_REQUEST_RATES,
      "rate-limit-public": { average: 200, period: "1m", burst: 10 },
    } as const;

    expect(() => renderDynamicConfig({ rates })).toThrow(
      "rate-limit-public (200 per 1m, burst 10) must be stricter than rate-limit (100 per 1m, burst 100): lower its burst and its average per period",
    );
  });

  test("is the reviewed file", async () => {
    await expect(toYaml(renderDynamicConfig())).toMatchFileSnapshot("../../../golden/traefik.dynamic.yml");
  });
});
