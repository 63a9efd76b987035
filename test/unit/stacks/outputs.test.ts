import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { STAGE_CATALOG } from "../../../stacks/catalog/stages/index.ts";
import { parseConfig } from "../../../stacks/config/load.ts";
import { platformServices, platformUrls, stageServices, stageSummary } from "../../../stacks/outputs.ts";

describe("platformUrls", () => {
  test("are the documented addresses of a default deployment", () => {
    expect(platformUrls(parseConfig({}))).toEqual({
      gateway: "http://localhost",
      prometheus: "http://localhost:9090",
      grafana: "http://localhost:3000",
    });
  });

  test("follow the configured ports, and leave Grafana out while it is off", () => {
    const config = parseConfig({
      hostPorts: { gateway: 8080, prometheus: 80 },
      grafana: { enabled: false },
    });

    expect(platformUrls(config)).toEqual({
      gateway: "http://localhost:8080",
      prometheus: "http://localhost:80",
    });
  });

  test.each([
    ["127.0.0.1", "localhost"],
    ["0.0.0.0", "localhost"],
    ["192.0.2.7", "192.0.2.7"],
  ])("on %s are opened at %s", (bindAddress, host) => {
    expect(platformUrls(parseConfig({ bindAddress })).gateway).toBe(`http://${host}`);
  });
});

describe("the URL of the gateway", () => {
  const acme = { tls: { mode: "acme", email: "a@example.com", domains: ["pipeline.example.com"] } };

  test.each([
    [{}, "https://localhost"],
    [{ gatewayTls: 8443 }, "https://localhost:8443"],
  ])("with TLS and the ports %o is %s", (hostPorts, expected) => {
    expect(platformUrls(parseConfig({ gateway: acme, hostPorts })).gateway).toBe(expected);
  });

  test("follows the address, while Prometheus and Grafana stay on this machine", () => {
    expect(platformUrls(parseConfig({ bindAddress: "192.0.2.7" }))).toEqual({
      gateway: "http://192.0.2.7",
      prometheus: "http://localhost:9090",
      grafana: "http://localhost:3000",
    });
  });
});

describe("platformServices", () => {
  test("are one row for each container, with the URL of those that have one", () => {
    expect(platformServices(parseConfig({}))).toEqual([
      { service: "docker-api", container: "storytelling-docker-api" },
      { service: "redis-broker", container: "storytelling-redis-broker" },
      { service: "redis-cache", container: "storytelling-redis-cache" },
      { service: "postgres", container: "storytelling-postgres" },
      { service: "event-streams", container: "storytelling-event-streams" },
      { service: "platform-health", container: "storytelling-platform-health" },
      { service: "traefik", container: "storytelling-traefik", url: "http://localhost" },
      { service: "prometheus", container: "storytelling-prometheus", url: "http://localhost:9090" },
      { service: "loki", container: "storytelling-loki" },
      { service: "tempo", container: "storytelling-tempo" },
      { service: "telemetry", container: "storytelling-telemetry" },
      { service: "grafana", container: "storytelling-grafana", url: "http://localhost:3000" },
    ]);
  });

  test("have no row for Grafana while it is off", () => {
    const services = platformServices(parseConfig({ grafana: { enabled: false } }));

    expect(services.map(({ service }) => service)).not.toContain("grafana");
    expect(services).toHaveLength(11);
  });
});

describe("stageSummary", () => {
  test("of stage 2 tells where it is found, from outside and by its neighbours (000-066, 000-154)", () => {
    expect(summary("nlp")).toEqual({
      number: 2,
      name: "nlp",
      project: "stage2-nlp",
      orchestrator: "nlp-orchestrator",
      containers: [
        "nlp-orchestrator",
        "nlp-celery-worker",
        "nlp-event-consumer",
        "nlp-ner-service",
        "nlp-dp-service",
        "nlp-event-llm-service",
      ],
      route: "/api/v1/nlp",
      url: "http://localhost/api/v1/nlp",
      healthUrl: "http://localhost/api/v1/nlp/health",
      routes: {},
      isOpen: true,
      hasOwnRateLimit: false,
      internalUrl: "http://nlp-orchestrator:8000",
      internalServices: [
        { name: "ner-service", container: "nlp-ner-service", port: 8001 },
        { name: "dp-service", container: "nlp-dp-service", port: 8002 },
        { name: "event-llm-service", container: "nlp-event-llm-service", port: 8003 },
      ],
      asksForToken: false,
      processesDocuments: true,
      isApi: true,
      hasMetrics: true,
      stores: ["redis", "postgres"],
      subscriptions: [
        {
          server: "cache",
          database: 1,
          stream: "stage1:cleaning:events",
          group: "stage2-nlp-processor",
          deadLetterStream: "stage2:nlp:failed-events",
        },
      ],
    });
  });

  test("of stage 7 keeps its exceptions (C-36)", () => {
    expect(summary("api")).toMatchObject({
      project: "stage7-api",
      orchestrator: "api-orchestrator",
      containers: ["api-orchestrator"],
      route: "/api/v1/public",
      healthUrl: "http://localhost/api/v1/public/health",
      internalUrl: "http://api-orchestrator:8000",
      internalServices: [],
      processesDocuments: false,
    });
  });

  test("tells the routes as clients reach them, and what verification cannot see through them", () => {
    const [cleaning] = STAGE_CATALOG;
    if (cleaning === undefined) throw new Error("the catalogue is empty");
    const summaryWith = (changes: Partial<StageDefinition>) =>
      stageSummary({ ...cleaning, ...changes }, "http://localhost:8080", []);

    expect(summaryWith({ route: { host: "clean.example.org" }, routes: { hooks: {} } })).toMatchObject({
      url: "http://clean.example.org:8080/api/v1/cleaning",
      routes: { hooks: "http://localhost:8080/api/v1/cleaning/hooks" },
      isOpen: true,
    });
    expect(summaryWith({ route: { prefix: "/" } })).toMatchObject({
      url: "http://localhost:8080",
      healthUrl: "http://localhost:8080/",
    });
    expect(summaryWith({ route: { authentication: { basic: "operators" } } }).isOpen).toBe(false);
    expect(summaryWith({ route: { stripPrefix: false } }).isOpen).toBe(false);
    expect(summaryWith({ route: { rateLimit: "rate-limit-ingest" } }).hasOwnRateLimit).toBe(true);
    expect(summaryWith({ route: { rateLimit: "rate-limit-public" } }).hasOwnRateLimit).toBe(false);
  });

  test("has a row for the container that runs SQL of the stage, which has ended when the stage is up", () => {
    const [cleaning] = STAGE_CATALOG;
    if (cleaning === undefined) throw new Error("the catalogue is empty");
    const rows = stageServices({ ...cleaning, database: { initSql: ["sql/1.sql"] } }, "http://localhost");

    expect(rows.at(-1)).toEqual({
      service: "init-sql",
      container: "storytelling-stage1-init-sql",
      stage: 1,
      runsToEnd: true,
    });
  });

  test("agrees with the rows of the table, where the route stands beside the orchestrator", () => {
    for (const stage of STAGE_CATALOG) {
      const rows = stageServices(stage, "http://localhost");
      const { containers, orchestrator, route, number } = stageSummary(
        stage,
        "http://localhost",
        STAGE_CATALOG,
      );
      expect(rows.map(({ container }) => container)).toEqual(containers);
      expect(rows.every((row) => row.stage === number)).toBe(true);
      expect(rows.filter(({ url }) => url !== undefined)).toEqual([
        expect.objectContaining({ container: orchestrator, url: `http://localhost${route}` }),
      ]);
    }
  });
});

function summary(name: string) {
  const stage = STAGE_CATALOG.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`the catalogue has no stage ${name}`);
  return stageSummary(stage, "http://localhost", STAGE_CATALOG);
}
