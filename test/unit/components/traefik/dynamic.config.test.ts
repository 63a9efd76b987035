import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import { type DynamicConfig, renderDynamicConfig } from "../../../../components/traefik/dynamic.config.ts";
import { DEFAULT_REQUEST_RATES } from "../../../../components/traefik/request-rates.ts";

const PLAIN: DynamicConfig = {
  rates: DEFAULT_REQUEST_RATES,
  trustedProxies: [],
  responseTimeouts: ["5m"],
  userLists: ["operators"],
};
const FULL: DynamicConfig = {
  ...PLAIN,
  healthUrl: "http://platform-health:8000",
  admin: {
    users: "operators",
    pages: [
      { name: "prometheus", url: "http://prometheus:9090", keepsPrefix: false },
      { name: "grafana", url: "http://grafana:3000", keepsPrefix: true },
    ],
  },
  certificate: { kind: "file" },
};

interface Rendered {
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
  readonly entryPoints?: readonly string[];
  readonly middlewares?: readonly string[];
}

function render(config: DynamicConfig): Rendered["http"] {
  return (parse(toYaml(renderDynamicConfig(config))) as Rendered).http;
}

describe("renderDynamicConfig", () => {
  const { routers, services, middlewares } = render(PLAIN);

  test("has the three shared middlewares under the sources' names", () => {
    expect(Object.keys(middlewares)).toEqual(
      expect.arrayContaining(["rate-limit", "rate-limit-public", "request-id"]),
    );
  });

  test("catches a stage that is away below every stage's priority and above a frontend's", () => {
    expect(routers["unavailable"]?.rule).toBe("PathRegexp(`^/api/v1/[^/]+`)");
    expect(routers["unavailable"]?.priority).toBeLessThan(100);
    expect(routers["unavailable"]?.priority).toBeGreaterThan(1);
    expect(services["nobody"]).toEqual({ loadBalancer: { servers: [] } });
  });

  test("answers what nobody has below everything, a frontend at / included", () => {
    expect(routers["nothing"]).toMatchObject({
      rule: "PathPrefix(`/`)",
      priority: -1,
      middlewares: ["nothing-here"],
    });
  });

  test("answers /health before any route and leaves no trace of it, for itself unless somebody else does", () => {
    expect(routers["health"]).toMatchObject({
      rule: "Path(`/health`)",
      service: "ping@internal",
      observability: { accessLogs: false, metrics: false, tracing: false },
    });
    expect(render(FULL).routers["health"]).toMatchObject({
      service: "health",
      entryPoints: ["web", "websecure"],
    });
    expect(render(FULL).services["health"]).toEqual({
      loadBalancer: { servers: [{ url: "http://platform-health:8000" }] },
    });
  });

  test("has nothing below /infrastructure without administrators, and asks for a password with them (001-081)", () => {
    const open = ({ routers: all }: Rendered["http"]) =>
      Object.values(all).filter(({ rule }) => rule.includes("/infrastructure"));

    expect(open(render(PLAIN))).toEqual([
      expect.objectContaining({ rule: "PathRegexp(`^/infrastructure(/|$)`)", middlewares: ["nothing-here"] }),
    ]);
    expect(open(render(FULL))).toHaveLength(4);
    for (const { middlewares: chain, priority } of open(render(FULL))) {
      expect(chain?.slice(0, 2)).toEqual(["rate-limit", "basic-auth-operators"]);
      expect(priority).toBeGreaterThan(100);
    }
  });

  test("takes an administrator's prefix away where the server does not know it", () => {
    const all = render(FULL).routers;

    expect(all["infrastructure-prometheus"]?.middlewares?.at(-1)).toBe("strip-infrastructure-prometheus");
    expect(all["infrastructure-grafana"]?.middlewares?.at(-1)).toBe("basic-auth-operators");
    expect(all["infrastructure-traefik"]?.service).toBe("api@internal");
  });

  test.each([
    ["without anything", PLAIN],
    ["with everything", FULL],
  ])("names only middlewares and services that exist, %s", (_, config) => {
    const http = render(config);
    const all = Object.values(http.routers);
    const named = all.map(({ service }) => service).filter((service) => !service.endsWith("@internal"));

    expect(Object.keys(http.services)).toEqual(expect.arrayContaining(named));
    expect(Object.keys(http.middlewares)).toEqual(
      expect.arrayContaining(all.flatMap(({ middlewares: chain }) => chain ?? [])),
    );
  });

  test("refuses a public limit that is not the stricter one", () => {
    const rates = { ...DEFAULT_REQUEST_RATES, "rate-limit-public": DEFAULT_REQUEST_RATES["rate-limit"] };

    expect(() => renderDynamicConfig({ ...PLAIN, rates })).toThrow("must be stricter");
  });

  test.each([
    ["traefik.dynamic.yml", PLAIN],
    ["traefik.dynamic.full.yml", FULL],
  ])("is the reviewed file %s", async (file, config) => {
    await expect(toYaml(renderDynamicConfig(config))).toMatchFileSnapshot(`../../../golden/${file}`);
  });
});
