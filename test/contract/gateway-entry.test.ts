import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";
import { accessLines, GatewayScene } from "./support/gateway-scene.ts";
import { until } from "./support/until.ts";

/** How long the gateway of these tests waits for a request; a real one waits a minute. */
const REQUEST_SECONDS = 2;

const SLOW_CONFIG = `
global
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
  timeout tarpit ${REQUEST_SECONDS + 2}s
frontend slow
  bind :8000
  http-request return status 200 if { path /health }
  http-request tarpit deny_status 410
`;

describe("the entrance of a real gateway", () => {
  const sandbox = new Sandbox();
  let gateway: RunningContainer;

  beforeAll(async () => {
    const scene = await GatewayScene.open(sandbox);
    const started = await scene.startGateway("traefik", {
      requestTimeout: `${REQUEST_SECONDS}s`,
      // Nobody answers there: the lines must have trace ids all the same.
      traces: { url: "http://tempo:4317" },
    });
    gateway = started.gateway;
    await scene.startEcho(started.traefik, "echo");
    await scene.startEcho(started.traefik, "intruder", "/infrastructure");
    const slow = started.traefik.routeLabels({
      name: `slow-${sandbox.prefix}`,
      prefix: "/api/v1/slow",
      match: "letters",
      strip: { name: `strip-slow-${sandbox.prefix}`, prefix: "/api/v1/slow" },
      priority: 100,
      rateLimit: "rate-limit",
      port: 8000,
      health: { path: "/health", interval: "1s", timeout: "500ms" },
    });
    await scene.startHaproxy("slow", SLOW_CONFIG, slow);
    await until("both services are reached", async () => {
      const answers = await Promise.all([get("/api/v1/echo/x"), get("/api/v1/slow/health")]);
      return answers.every(({ status }) => status === 200);
    });
  });
  afterAll(() => sandbox.close());

  function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${gateway.hostPort(80)}${path}`, { headers });
  }

  async function lineOf(requestId: string): Promise<Record<string, unknown>> {
    const find = async () =>
      (await accessLines(gateway)).find((line) => line["request_X-Request-Id"] === requestId);
    await until(`a line about ${requestId}`, async () => (await find()) !== undefined, 10);
    return (await find()) ?? {};
  }

  async function openConnection(): Promise<Socket> {
    const socket = connect(gateway.hostPort(80), "127.0.0.1");
    await once(socket, "connect");
    return socket;
  }

  describe("its access log (004-042)", () => {
    test("has a request's id, trace, path and status, and neither query nor any secret of a header", async () => {
      await get("/api/v1/echo/documents/7?token=query-secret&page=2", {
        "X-Request-Id": "logged-once",
        authorization: "Bearer header-secret",
        cookie: "session=cookie-secret",
        referer: "https://example.com/?code=referer-secret",
      });

      expect(await lineOf("logged-once")).toMatchObject({
        "request_X-Request-Path": "/api/v1/echo/documents/7",
        DownstreamStatus: 200,
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(await gateway.logs()).not.toMatch(/query-secret|header-secret|cookie-secret|referer-secret/);
    });

    test("has a line with an id and a path for what the gateway answers itself", async () => {
      const missing = await get("/nothing/here?key=query-secret");
      const away = await get("/api/v1/timeline/x");

      expect([missing.status, away.status]).toEqual([404, 503]);
      for (const [response, path] of [
        [missing, "/nothing/here"],
        [away, "/api/v1/timeline/x"],
      ] as const) {
        expect(await lineOf(response.headers.get("x-request-id") ?? "")).toMatchObject({
          "request_X-Request-Path": path,
          DownstreamStatus: response.status,
        });
      }
    });

    test("tells the path as the client sent it, whatever header it sends beside it, and to nobody else", async () => {
      const response = await get("/api/v1/echo/a%20b", {
        "X-Request-Id": "with-a-path",
        "X-Request-Path": "/made-up",
      });

      expect(await response.json()).toMatchObject({ logged: "" });
      expect(await lineOf("with-a-path")).toMatchObject({ "request_X-Request-Path": "/api/v1/echo/a%20b" });
    });

    test("leaves out /health and what the gateway asks its services", async () => {
      await get("/health", { "X-Request-Id": "a-probe" });
      await get("/api/v1/echo/x", { "X-Request-Id": "after-the-probe" });
      await lineOf("after-the-probe");

      const lines = await accessLines(gateway);
      expect(lines.map((line) => line["request_X-Request-Id"])).not.toContain("a-probe");
      expect(lines.map((line) => line["request_X-Request-Path"])).not.toContain("/health");
    });

    test("is JSON in every line, also after requests that are none", async () => {
      for (const nonsense of [
        "hello\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x00\xa5",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      ]) {
        const socket = await openConnection();
        socket.end(nonsense);
        socket.resume();
        await once(socket, "close");
      }

      expect((await accessLines(gateway)).length).toBeGreaterThan(0);
    });
  });

  describe("what a client may send", () => {
    test("its X-Forwarded-* and X-Real-Ip are replaced by what the gateway sees (004-040)", async () => {
      const response = await get("/api/v1/echo/x", {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "bank.example.com",
        "X-Real-Ip": "203.0.113.9",
      });
      const seen = (await response.json()) as Record<string, string>;

      expect(seen).toMatchObject({ proto: "http", host: `127.0.0.1:${gateway.hostPort(80)}` });
      expect(seen["for"]).toMatch(/^172\.|^192\.168\.|^10\./);
      expect(seen["real"]).toBe(seen["for"]);
    });

    test.each([["%2f"], ["%5c"], ["%00"]])("an encoded %s in a path is refused with 400", async (encoded) => {
      expect((await get(`/api/v1/echo/a${encoded}b`)).status).toBe(400);
    });

    test.each([["%25"], ["%3F"], ["%23"], ["%3B"]])(
      "an encoded %s, which is part of a name, reaches the service",
      async (encoded) => {
        expect(await (await get(`/api/v1/echo/a${encoded}b`)).json()).toMatchObject({
          path: `/a${encoded}b`,
        });
      },
    );

    test.each([
      [32_000, 200],
      [100_000, 431],
    ])("headers of %i bytes are answered with %i", async (bytes, status) => {
      expect((await get("/api/v1/echo/x", { "X-Long": "a".repeat(bytes) })).status).toBe(status);
    });

    test("a connection that dribbles its headers is closed after the time for a request", async () => {
      const socket = await openConnection();
      socket.write("GET /api/v1/echo/x HTTP/1.1\r\nHost: x\r\n");
      const dribble = setInterval(() => socket.write("X-More: a\r\n"), 200);
      socket.on("error", () => undefined).resume();
      const startedAt = Date.now();
      await once(socket, "close");
      clearInterval(dribble);

      expect(Date.now() - startedAt).toBeLessThan((REQUEST_SECONDS + 3) * 1000);
    });

    test("an answer may take longer than the time for a request", async () => {
      expect((await get("/api/v1/slow/work")).status).toBe(410);
    });
  });

  test.each([
    "/infrastructure",
    "/infrastructure/",
    "/infrastructure/traefik/api/rawdata",
    "/infrastructure/prometheus/",
    "//infrastructure/traefik/api/version",
    "/x/../infrastructure/traefik/api/version",
  ])(
    "there is nothing at %s without administrators, also where a container claims the prefix (001-081)",
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
