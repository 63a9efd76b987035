import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import { renderStaticConfig, type StaticConfig } from "../../../../components/traefik/static.config.ts";

const STATIC: StaticConfig = {
  networkName: "storytelling",
  dockerApiUrl: "tcp://docker-api:2375",
  traceUrl: "http://tempo:4317",
  responseTimeout: "60s",
  requestTimeout: "60s",
  trustedProxies: [],
  identity: false,
  adminPages: false,
};

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

  test("has Traefik's API for administrators alone, below their prefix and not insecure", () => {
    expect(renderStaticConfig({ ...STATIC, adminPages: true })).toHaveProperty("api", {
      basePath: "/infrastructure/traefik",
    });
  });

  test("logs access as JSON with no header but the request id and the path, and no query", () => {
    expect(config).toHaveProperty("accessLog", {
      format: "json",
      fields: {
        names: { RequestPath: "drop" },
        headers: { defaultMode: "drop", names: { "X-Request-Id": "keep", "X-Request-Path": "keep" } },
      },
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

  test("is the reviewed file with certificates of an ACME server", async () => {
    const source = {
      kind: "acme",
      email: "operator@example.com",
      directory: "https://acme.example.com/directory",
      domains: ["pipeline.example.com", "api.example.com"],
      challenge: { type: "http-01" },
      ownAuthority: true,
    } as const;

    await expect(
      toYaml(renderStaticConfig({ ...STATIC, adminPages: true, tls: { source, publicPort: 443 } })),
    ).toMatchFileSnapshot("../../../golden/traefik.static.tls.yml");
  });
});
