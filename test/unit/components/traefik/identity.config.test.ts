import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import {
  type IdentityCheck,
  identityFiles,
  renderIdentityConfig,
} from "../../../../components/traefik/identity.config.ts";
import { renderStaticConfig, type StaticConfig } from "../../../../components/traefik/static.config.ts";

const CHECK: IdentityCheck = {
  address: "http://identity-service:8001",
  path: "/auth/validate",
  method: "GET",
  requestHeaders: ["Authorization"],
  responseHeaders: ["X-User-Id", "Remote-Groups"],
  trustForwardHeader: false,
};

const STATIC: StaticConfig = {
  networkName: "storytelling",
  dockerApiUrl: "tcp://docker-api:2375",
  responseTimeout: "60s",
  requestTimeout: "60s",
  trustedProxies: [],
  adminPages: false,
  identity: false,
};

const FORWARD_AUTH = "http.middlewares.identity.forwardAuth";

describe("renderIdentityConfig", () => {
  const config: unknown = parse(toYaml(renderIdentityConfig(CHECK)));

  test("asks by way of the gateway itself, which answers for a service that is away (003-006)", () => {
    expect(config).toHaveProperty(`${FORWARD_AUTH}.address`, "http://127.0.0.1:8083/auth/validate");
    expect(config).toHaveProperty("http.routers.identity", {
      rule: "PathPrefix(`/`)",
      entryPoints: ["identity"],
      middlewares: ["identity-failure", "identity-retry"],
      service: "identity",
      observability: { accessLogs: false },
    });
    expect(config).toHaveProperty("http.services.identity.loadBalancer.servers", [{ url: CHECK.address }]);
  });

  test("hands over the token and the request id alone, and takes the user's headers alone", () => {
    expect(config).toHaveProperty(`${FORWARD_AUTH}.authRequestHeaders`, ["Authorization", "X-Request-Id"]);
    expect(config).toHaveProperty(`${FORWARD_AUTH}.authResponseHeaders`, CHECK.responseHeaders);
    expect(config).toHaveProperty(`${FORWARD_AUTH}.trustForwardHeader`, false);
  });

  test("takes every header from clients that says who a user is, and those of an own service", () => {
    expect(config).toHaveProperty("http.middlewares.client-headers.plugin.client-headers", {
      prefixes: ["X-User-"],
      names: CHECK.responseHeaders,
    });
  });

  test.each([
    ["GET", false],
    ["client", true],
  ] as const)("asks with the method %s", (method, preserved) => {
    expect(renderIdentityConfig({ ...CHECK, method })).toHaveProperty(
      `${FORWARD_AUTH}.preserveRequestMethod`,
      preserved,
    );
  });

  test("is the reviewed file", async () => {
    await expect(toYaml(renderIdentityConfig(CHECK))).toMatchFileSnapshot(
      "../../../golden/traefik.identity.yml",
    );
  });

  test("is a file of its own beside the sources of its plugins", () => {
    expect(identityFiles(CHECK).map(({ path }) => path)).toEqual([
      "/etc/traefik/dynamic/identity.yml",
      "/plugins-local/src/storytelling.local/clientheaders/.traefik.yml",
      "/plugins-local/src/storytelling.local/clientheaders/go.mod",
      "/plugins-local/src/storytelling.local/clientheaders/clientheaders.go",
      "/plugins-local/src/storytelling.local/identityfailure/.traefik.yml",
      "/plugins-local/src/storytelling.local/identityfailure/go.mod",
      "/plugins-local/src/storytelling.local/identityfailure/identityfailure.go",
    ]);
  });
});

describe("the gateway's static file", () => {
  test("takes a user's headers from clients before any route, and listens to itself on loopback alone", () => {
    const config = renderStaticConfig({ ...STATIC, identity: true });

    expect(config).toHaveProperty("entryPoints.web.http.middlewares", [
      "request-id@file",
      "one-request-id@file",
      "client-body@file",
      "client-headers@file",
    ]);
    expect(config).toHaveProperty("entryPoints.identity", {
      address: "127.0.0.1:8083",
      forwardedHeaders: { trustedIPs: ["127.0.0.1/32"] },
    });
  });

  test("knows nothing of it while identity is off", () => {
    expect(JSON.stringify(renderStaticConfig(STATIC))).not.toMatch(/identity|client-headers/);
  });
});
