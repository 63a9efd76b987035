import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../../components/core/errors.ts";
import { loadDeployment, parseConfig } from "../../../../stacks/config/load.ts";
import { startMocks } from "../../../support/mocks.ts";

const TITLE =
  "The stack's configuration is not valid; correct these keys of its Pulumi.<stack>.yaml (docs/configuration.md describes every key):";

const DEFAULTS = {
  stages: {},
  mode: "platform",
  logLevel: "INFO",
  bindAddress: "127.0.0.1",
  hostPorts: { gateway: 80, gatewayTls: 443, grafana: 3000, prometheus: 9090, postgres: 5432 },
  limitScale: 1,
  host: { dockerApiVersion: "1.44" },
  grafana: { enabled: true },
  postgres: { maxConnections: 600 },
  redisAuthentication: false,
  gateway: {
    rateLimits: {
      "rate-limit": { average: 100, period: "1m", burst: 100 },
      "rate-limit-public": { average: 30, period: "1m", burst: 30 },
    },
    timeouts: ["10s", "30s", "2m", "5m", "10m"],
    users: {},
    tls: { mode: "off" },
    trustedProxies: [],
  },
  identity: {
    enabled: false,
    path: "/auth/validate",
    method: "GET",
    requestHeaders: ["Authorization"],
    responseHeaders: ["X-User-Id", "X-User-Email", "X-User-Roles", "X-User-Permissions"],
    trustForwardHeader: false,
    keys: ["1"],
    tokenLifetimeSeconds: 3600,
    access: [],
  },
  elasticsearch: { enabled: false },
  neo4j: { enabled: false },
  images: {},
  secrets: {},
};

/** The lines of the refusal, without its title. */
function problemsOf(raw: Readonly<Record<string, unknown>>): string[] {
  try {
    parseConfig(raw);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [title, ...problems] = error.message.split("\n");
    if (title !== TITLE) throw new Error(`the refusal has another title: ${title}`);
    return problems.map((line) => line.replace("  ✖ ", ""));
  }
  throw new Error("the configuration was accepted");
}

describe("parseConfig", () => {
  test("an empty configuration is every default, and publishes on this machine only (C-01)", () => {
    expect(parseConfig({})).toEqual(DEFAULTS);
  });

  test("one key of a group leaves the other defaults alone", () => {
    expect(parseConfig({ hostPorts: { gateway: 8080 }, grafana: {}, host: { cpus: 4 } })).toEqual({
      ...DEFAULTS,
      hostPorts: { ...DEFAULTS.hostPorts, gateway: 8080 },
      host: { cpus: 4, dockerApiVersion: "1.44" },
    });
  });

  test("a stage is attached by its name alone, and takes settings", () => {
    const { stages } = parseConfig({
      stages: {
        cleaning: {},
        nlp: { enabled: false, logLevel: "DEBUG", image: "team/nlp:1.2.3" },
      },
    });

    expect(stages).toEqual({
      cleaning: { enabled: true },
      nlp: { enabled: false, logLevel: "DEBUG", image: "team/nlp:1.2.3" },
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      "a key that nobody reads",
      { stagse: {} },
      "stagse: is not a key of the configuration; known here are stages, mode, logLevel, bindAddress, hostPorts, gateway, identity, limitScale, host, grafana, postgres, redisAuthentication, elasticsearch, neo4j, images, secrets",
    ],
    [
      "a stage that does not exist",
      { stages: { cleansing: {} } },
      "stages.cleansing: is not a key of the configuration; known here are cleaning, nlp, embeddings, clustering, graph, timeline, api, frontend",
    ],
    [
      "a setting that a stage does not have",
      { stages: { nlp: { replicas: 2 } } },
      "stages.nlp.replicas: is not a key of the configuration; known here are enabled, logLevel, image",
    ],
    [
      "a host port that nothing has",
      { hostPorts: { redis: 6379 } },
      "hostPorts.redis: is not a key of the configuration; known here are gateway, gatewayTls, grafana, prometheus, postgres",
    ],
    [
      "an image that the platform does not run",
      { images: { nginx: "nginx:1.29" } },
      "images.nginx: is not a key of the configuration; known here are debian, haproxy, redis, postgres, traefik, prometheus, loki, tempo, telemetry, grafana, elasticsearch, neo4j",
    ],
  ])("refuses %s and tells the names that are known", (_what, raw, problem) => {
    expect(problemsOf(raw)).toEqual([problem]);
  });

  const port = "must be a whole number from 1 to 65535";
  const scale = "must be from 0.05 to 1";
  const image = 'must be an image with a tag or digest, for example "redis:8.0.2"';
  const secretName = "must be the name of an entry of `secrets` in capitals, and never the secret itself";
  const bind = 'must be an IPv4 address: "127.0.0.1" for this machine only, "0.0.0.0" for every network';
  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ logLevel: "TRACE" }, 'logLevel: got "TRACE", must be one of DEBUG, INFO, WARNING, ERROR'],
    [
      { stages: { nlp: { logLevel: "info" } } },
      'stages.nlp.logLevel: got "info", must be one of DEBUG, INFO, WARNING, ERROR',
    ],
    [{ stages: { nlp: { enabled: "yes" } } }, 'stages.nlp.enabled: got "yes", must be of the type boolean'],
    [{ stages: { nlp: null } }, "stages.nlp: got null, must be of the type object"],
    [{ stages: ["nlp"] }, 'stages: got ["nlp"], must be of the type object'],
    [{ stages: { nlp: { image: "team/nlp" } } }, `stages.nlp.image: got "team/nlp", ${image}`],
    [{ bindAddress: "localhost" }, `bindAddress: got "localhost", ${bind}`],
    [{ bindAddress: "::1" }, `bindAddress: got "::1", ${bind}`],
    [{ hostPorts: { gateway: 0 } }, `hostPorts.gateway: got 0, ${port}`],
    [{ hostPorts: { grafana: 65_536 } }, `hostPorts.grafana: got 65536, ${port}`],
    [{ hostPorts: { postgres: 1.5 } }, `hostPorts.postgres: got 1.5, ${port}`],
    [{ hostPorts: { prometheus: "9090" } }, `hostPorts.prometheus: got "9090", ${port}`],
    [{ limitScale: 0 }, `limitScale: got 0, ${scale}`],
    [{ limitScale: 1.01 }, `limitScale: got 1.01, ${scale}`],
    [{ limitScale: "half" }, 'limitScale: got "half", must be of the type number'],
    [{ host: { cpus: 0 } }, "host.cpus: got 0, must be greater than 0"],
    [
      { host: { dockerApiVersion: "v1.44" } },
      'host.dockerApiVersion: got "v1.44", must be a version such as "1.44" (see `docker version`)',
    ],
    [
      { identity: { address: "http://auth:8000/validate" } },
      'identity.address: got "http://auth:8000/validate", must be an address on the platform\'s network, for example "http://auth-orchestrator:8000"',
    ],
    [
      { identity: { responseHeaders: ["Authorization"] } },
      'identity.responseHeaders.0: got "Authorization", is not for an identity service to set',
    ],
    [{ identity: { keys: [] } }, "identity.keys: got [], must name at least one key"],
    [
      { identity: { keys: ["A"] } },
      'identity.keys.0: got "A", must be lower-case letters, digits and hyphens, for example "2026-11"',
    ],
    [
      { identity: { access: [{ path: "/api/v1/graph/", roles: ["owner"] }] } },
      'identity.access.0.path: got "/api/v1/graph/", must be a path without a slash at its end, for example "/api/v1/graph"',
    ],
    [{ identity: { method: "POST" } }, 'identity.method: got "POST", must be "GET" or "client"'],
    [{ grafana: { enabled: "no" } }, 'grafana.enabled: got "no", must be of the type boolean'],
    [{ images: { redis: "redis" } }, `images.redis: got "redis", ${image}`],
    [
      { images: { redis: "redis:latest" } },
      'images.redis: got "redis:latest", must not be ":latest", which changes without a diff; pin a version',
    ],
    [
      { gateway: { tls: { mode: "on", key: "hush-hush" } } },
      'gateway.tls.mode: got "on", must be one of "off", "certificate", "acme"',
    ],
    [
      { gateway: { tls: { mode: "off", keys: 1 } } },
      "gateway.tls.keys: is not a key of the configuration; known here are mode, certificate, key, email, domains, directory, authority, challenge",
    ],
    [
      { gateway: { tls: { mode: "certificate", certificate: "pem", key: "-----BEGIN PRIVATE KEY-----" } } },
      `gateway.tls.key: got a secret value, ${secretName}`,
    ],
    [
      { gateway: { tls: { mode: "acme", email: "a@example.com", domains: [] } } },
      "gateway.tls.domains: got [], must name at least one domain",
    ],
    [
      { gateway: { tls: { mode: "acme", email: "a@example.com", domains: ["Pipeline"] } } },
      'gateway.tls.domains.0: got "Pipeline", must be a domain in lower case such as "pipeline.example.com"',
    ],
    [
      { gateway: { admin: "Operators" } },
      'gateway.admin: got "Operators", must be the name of a list of `users`',
    ],
    [
      { gateway: { trustedProxies: ["10.0.0.0/33"] } },
      'gateway.trustedProxies.0: got "10.0.0.0/33", must be an address or a network such as "10.0.0.0/8"',
    ],
  ])("refuses %j with key, value and what is allowed", (raw, problem) => {
    expect(problemsOf(raw)).toEqual([problem]);
  });

  test("tells every wrong key in one error", () => {
    expect(
      problemsOf({ limitScale: 2, hostPorts: { gateway: -1 }, stagse: {}, logLevel: "LOUD" }).map(
        (problem) => problem.split(":")[0],
      ),
    ).toEqual(expect.arrayContaining(["limitScale", "hostPorts.gateway", "stagse", "logLevel"]));
  });
});

describe("secrets", () => {
  test("are taken by the sources' names (000-029)", () => {
    const secrets = { STAGE1_POSTGRES_PASSWORD: "twelve-chars", STAGE8_POSTGRES_PASSWORD: "thirteen-chars" };

    expect(parseConfig({ secrets }).secrets).toEqual(secrets);
  });

  test("of stages are taken by any name in capitals, however short (000-092 to 000-094)", () => {
    const secrets = { OPENAI_API_KEY: "k", STAGE1_API_KEY: "short" };

    expect(parseConfig({ secrets }).secrets).toEqual(secrets);
  });

  test.each([
    "STAGE0_POSTGRES_PASSWORD",
    "STAGE9_POSTGRES_PASSWORD",
    "stage1_postgres_password",
    "1_API_KEY",
  ])("refuse the name %s", (name) => {
    expect(problemsOf({ secrets: { [name]: "not-to-be-shown" } })).toEqual([
      `secrets.${name}: the key must be a name in capitals such as OPENAI_API_KEY, or STAGE{N}_POSTGRES_PASSWORD with N from 1 to 8`,
    ]);
  });

  test.each<[string, unknown, string]>([
    ["too short", { STAGE1_POSTGRES_PASSWORD: "hush-hush" }, "must have at least 12 characters"],
    ["not a text", { STAGE1_POSTGRES_PASSWORD: 123_456_789_012 }, "must be of the type string"],
  ])("that are %s are refused and not shown", (_what, secrets, problem) => {
    expect(problemsOf({ secrets })).toEqual([
      `secrets.STAGE1_POSTGRES_PASSWORD: got a secret value, ${problem}`,
    ]);
  });

  test("that stand in the wrong place are not shown either", () => {
    expect(problemsOf({ secrets: "hush-hush-hush" })).toEqual([
      "secrets: got a secret value, must be of the type object",
    ]);
  });
});

describe("loadDeployment", () => {
  test("reads the project's keys as Pulumi hands them over, and no other project's", async () => {
    await startMocks({
      project: "storytelling",
      config: {
        "storytelling:stages": '{"cleaning":{},"nlp":{"logLevel":"DEBUG"}}',
        "storytelling:limitScale": "0.25",
        "storytelling:bindAddress": "0.0.0.0",
        "storytelling:grafana": '{"enabled":false}',
        "storytelling:host": '{"cpus":2,"dockerApiVersion":"1.41"}',
        "docker:host": "unix:///var/run/docker.sock",
      },
    });

    expect(loadDeployment()).toEqual({
      config: {
        ...DEFAULTS,
        stages: { cleaning: { enabled: true }, nlp: { enabled: true, logLevel: "DEBUG" } },
        limitScale: 0.25,
        bindAddress: "0.0.0.0",
        grafana: { enabled: false },
        host: { cpus: 2, dockerApiVersion: "1.41" },
      },
      hostCpus: 2,
    });
  });

  test("takes the CPUs of this machine unless they are given", async () => {
    await startMocks();

    expect(loadDeployment()).toEqual({ config: DEFAULTS, hostCpus: availableParallelism() });
  });

  test("fails with the message alone for what the user wrote", async () => {
    await startMocks({ config: { "storytelling:limitScale": "2" } });

    expect(() => loadDeployment()).toThrow(
      new UserError(`${TITLE}\n  ✖ limitScale: got 2, must be from 0.05 to 1`),
    );
  });
});
