import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { commandProbe } from "../../components/core/health.ts";
import type { HttpRoute } from "../../components/core/http-route.ts";
import { ManagedContainer } from "../../components/core/managed-container.ts";
import { DockerApi } from "../../components/docker-api/docker-api.ts";
import { Traefik } from "../../components/traefik/traefik.ts";
import { NOT_HARDENED } from "../support/hardening.ts";
import { imageOf } from "../support/images.ts";
import { type Recorder, startMocks } from "../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

const CONTAINER = "docker:index/container:Container";

/** A service that answers with what it was asked, and with an id of its own accord like a well-behaved stage. */
const ECHO_CONFIG = `
global
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend echo
  bind :8000
  http-request return status 200 content-type application/json lf-string '{"path":"%[path]","id":"%[req.hdr(x-request-id)]","traceparent":"%[req.hdr(traceparent)]"}' hdr X-Request-Id %[req.hdr(x-request-id)]
`;

describe("the real gateway", () => {
  const sandbox = new Sandbox();
  let recorder: Recorder;
  let network: NetworkHandle;
  let traefik: Traefik;
  let gateway: RunningContainer;

  // The gateway sees every container of the host, so nothing here may be called like a real stage.
  const unique = (name: string): string => `${name}-${sandbox.prefix}`;
  const pathOf = (name: string): string => `/api/v1/${unique(name)}/health`;

  function routeOf(name: string, rateLimit: HttpRoute["rateLimit"] = "rate-limit"): HttpRoute {
    return {
      name: unique(name),
      prefix: `/api/v1/${unique(name)}`,
      match: "letters",
      strip: { name: unique(`strip-${name}`), prefix: `/api/v1/${unique(name)}` },
      priority: 100,
      rateLimit,
      port: 8000,
      health: { path: "/health", interval: "1s", timeout: "500ms" },
    };
  }

  /** Starts a stage that the gateway has never heard of. */
  async function startStage(name: string, route: HttpRoute): Promise<RunningContainer> {
    new ManagedContainer(name, {
      containerName: `${sandbox.prefix}-${name}`,
      image: await imageOf("haproxy"),
      networks: [{ name: network.name, aliases: [name] }],
      labels: traefik.routeLabels(route),
      files: [{ path: "/usr/local/etc/haproxy/haproxy.cfg", content: ECHO_CONFIG }],
      health: commandProbe(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000"]),
      limits: { cpus: 0.5, memory: "64 MB" },
      ...NOT_HARDENED,
    });
    const stage = await sandbox.start(await recorder.resource(CONTAINER, name));
    await eventually(async () => (await get(pathOf(name))).status === 200);
    return stage;
  }

  beforeAll(async () => {
    recorder = await startMocks();
    network = await sandbox.createNetwork("net");
    const opsNetwork = await sandbox.createNetwork("ops", { internal: true });
    const dockerApi = new DockerApi("docker-api", {
      containerName: `${sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: opsNetwork,
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    traefik = new Traefik("traefik", {
      containerName: `${sandbox.prefix}-traefik`,
      image: await imageOf("traefik"),
      network,
      opsNetwork,
      dockerApi,
      published: { host: 0, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: { scrapeLabels: () => ({}) },
      // Nobody answers there: the gateway must work while the trace store is away.
      traces: { url: "http://tempo:4317" },
    });
    await sandbox.start(await recorder.resource(CONTAINER, "docker-api-proxy"));
    gateway = await sandbox.start(await recorder.resource(CONTAINER, "traefik-gateway"));
    await startStage("nlp", routeOf("nlp"));
  });
  afterAll(() => sandbox.close());

  function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${gateway.hostPort(80)}${path}`, { headers });
  }

  async function eventually(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`it did not happen\n${await gateway.logs()}`);
      await sleep(250);
    }
  }

  test("finds a stage by its labels and takes the prefix away", async () => {
    expect(await (await get(`/api/v1/${unique("nlp")}/documents/7`)).json()).toMatchObject({
      path: "/documents/7",
    });
  });

  test("makes a request id that the stage gets and the client sees, once", async () => {
    const response = await get(pathOf("nlp"));
    const { id } = (await response.json()) as { id: string };

    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(response.headers.get("x-request-id")).toBe(id);
  });

  test("makes another id for each request", async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await get("/health")).headers.get("x-request-id")),
    );

    expect(new Set(ids).size).toBe(3);
  });

  test("keeps the id of a client", async () => {
    const response = await get(pathOf("nlp"), { "X-Request-Id": "order-4711:retry_2.b" });

    expect(await response.json()).toMatchObject({ id: "order-4711:retry_2.b" });
    expect(response.headers.get("x-request-id")).toBe("order-4711:retry_2.b");
  });

  test.each([
    ["a space", "two words"],
    ["a quote", 'a"b'],
    ["more than 128 characters", "a".repeat(129)],
  ])("replaces an id with %s", async (_what, sent) => {
    const response = await get(pathOf("nlp"), { "X-Request-Id": sent });

    expect(await response.json()).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test("starts a trace that the stage continues, although nobody collects it", async () => {
    expect(await (await get(pathOf("nlp"))).json()).toMatchObject({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
  });

  test("answers /health itself and leaves it out of the access log", async () => {
    const response = await get("/health", { "X-Request-Id": "health-probe" });

    expect(response.status).toBe(200);
    await get(pathOf("nlp"), { "X-Request-Id": "after-health" });
    await eventually(async () => (await gateway.logs()).includes("after-health"));
    expect(await gateway.logs()).not.toContain("health-probe");
  });

  test("writes an access line with route, status and request id", async () => {
    await get(pathOf("nlp"), { "X-Request-Id": "in-the-log", authorization: "Bearer not-for-logs" });
    await eventually(async () => (await gateway.logs()).includes("in-the-log"));

    const line = (await gateway.logs()).split("\n").find((text) => text.includes("in-the-log")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      RouterName: `${unique("nlp")}@docker`,
      "request_X-Request-Path": pathOf("nlp"),
      DownstreamStatus: 200,
      "request_X-Request-Id": "in-the-log",
    });
    expect(await gateway.logs()).not.toContain("not-for-logs");
  });

  test("refuses an encoded slash, which a stage would read as another path", async () => {
    expect((await get(`/api/v1/${unique("nlp")}/a%2fb`)).status).toBe(400);
  });

  test("answers 503 with an id and a time to retry for a stage that is not there", async () => {
    const response = await get(pathOf("timeline"));

    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  });

  test("answers 503 for a stage that was stopped", async () => {
    const graph = await startStage("graph", routeOf("graph"));

    await sandbox.stop(graph.name);
    await eventually(async () => (await get(pathOf("graph"))).status !== 200);
    expect((await get(pathOf("graph"))).status).toBe(503);
  });

  test("answers 404 outside the API", async () => {
    expect((await get("/nothing/here")).status).toBe(404);
  });

  test("measures itself on the network of Prometheus, and not where stages and clients reach it", async () => {
    const metrics = await gateway.exec(["wget", "-q", "-O", "-", "http://traefik-internal:8082/metrics"]);

    expect(metrics.output).toContain('traefik_router_requests_total{code="200"');
    await expect(fetch(`http://${gateway.address}:8082/metrics`)).rejects.toThrow("fetch failed");
    expect((await get("/metrics")).status).toBe(404);
  });

  test("shows its routes in the file that the sources look for", async () => {
    const file = await gateway.exec(["cat", "/etc/traefik/dynamic/dynamic.yml"]);

    expect(file).toMatchObject({ exitCode: 0, output: expect.stringContaining("rate-limit-public") });
  });

  test("limits a client to about 100 requests in a row, and the refusal has an id", async () => {
    await startStage("cleaning", routeOf("cleaning"));
    const responses: Response[] = [];
    for (let i = 0; i < 200; i++) responses.push(await get(pathOf("cleaning")));

    const accepted = responses.filter(({ status }) => status === 200).length;
    expect(accepted).toBeGreaterThanOrEqual(95);
    expect(accepted).toBeLessThanOrEqual(130);
    const refusals = responses.filter(({ status }) => status === 429);
    expect(refusals).toHaveLength(200 - accepted);
    expect(refusals[0]?.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  });

  test("limits the public route more strictly", async () => {
    await startStage("public", routeOf("public", "rate-limit-public"));
    const statuses: number[] = [];
    for (let i = 0; i < 60; i++) statuses.push((await get(pathOf("public"))).status);

    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(15);
  });

  test("has seen all these stages come and go without being restarted", async () => {
    expect((await gateway.logs()).match(/Loading plugins\.\.\./g)).toHaveLength(1);
  });

  test("starts without an error in its log but for the missing trace store", async () => {
    const problems = (await gateway.logs())
      .split("\n")
      .filter((line) => /"level":"(error|fatal)"/.test(line) && !line.includes("traces export"))
      // Other tests and people may run stages on this host, too.
      .filter((line) => !line.includes("docker") || line.includes(sandbox.prefix));

    expect(problems).toEqual([]);
  });
});
