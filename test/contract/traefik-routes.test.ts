import { setTimeout as sleep } from "node:timers/promises";
import { hash } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_REQUEST_RATES } from "../../components/traefik/request-rates.ts";
import { BehaviourTable } from "./support/behaviour-table.ts";
import { BROKEN, DEMO, ORIGIN, PAGES } from "./support/route-definitions.ts";
import { RouteScene, statusCounts } from "./support/route-scene.ts";
import { until } from "./support/until.ts";

const MEGABYTE = 1024 * 1024;

describe("the routes of a definition, through the real gateway", () => {
  const scene = new RouteScene();
  const table = new BehaviourTable();
  const { record } = table;

  beforeAll(async () => {
    await scene.open({
      requestRates: {
        ...DEFAULT_REQUEST_RATES,
        "rate-limit-ingest": { average: 1, period: "1h", burst: 20 },
      },
      responseTimeout: "2s",
      responseTimeouts: ["5s"],
      users: { operators: `alice:${await hash("open sesame", 4)}\n` },
    });
    await Promise.all([
      scene.startReplica("demo-1", DEMO),
      scene.startReplica("demo-2", DEMO),
      scene.startReplica("broken-1", BROKEN),
      scene.startReplica("broken-2", BROKEN, { listensOn: 9000 }),
      scene.startReplica("pages", PAGES),
    ]);
    await scene.routed("/api/v1/demo/health");
    await scene.routed("/start-page");
    await until("both replicas are there", async () => {
      const answers = await scene.askTimes(2, "/api/v1/demo/sticky");
      return new Set(answers.map(({ echo }) => echo().replica)).size === 2;
    });
  });
  afterAll(() => scene.close());

  describe("paths", () => {
    test.each([
      ["main route", "–", "/api/v1/demo/documents/7", "/documents/7"],
      ["route below the main one", "`{}`", "/api/v1/demo/hooks/7", "/hooks/7"],
      ["route elsewhere", '`prefix: "/other"`', "/other/7", "/7"],
      ["prefix kept", "`stripPrefix: false`", "/kept/7", "/kept/7"],
    ])("%s (%s): %s reaches the stage as %s", async (what, field, path, expected) => {
      const answer = await scene.ask(path);

      expect(answer.echo().path).toBe(expected);
      record(what, field, `\`${path}\``, `${answer.status}, the stage sees \`${answer.echo().path}\``);
    });

    test("a further route takes whole segments only", async () => {
      const answer = await scene.ask("/api/v1/demo/limited-more");

      expect(answer.echo().path).toBe("/limited-more");
      expect(statusCounts(await scene.askTimes(8, "/api/v1/demo/limited-more"))).toBe("8 × 200");
      record(
        "whole segments",
        "`routes.limited`",
        "`/api/v1/demo/limited-more`, 9 times",
        "200, by the main route",
      );
    });

    test("a host name is asked for, in any case and with a port; other hosts have the main route", async () => {
      const path = "/api/v1/demo/hosted/7";
      const ours = await scene.ask(path, { headers: { host: "Demo.Example.org:8080" } });
      const others = await scene.ask(path, { headers: { host: "other.example.org" } });

      expect([ours.echo().path, others.echo().path]).toEqual([path, "/hosted/7"]);
      record(
        "host",
        '`host: "demo.example.org"`',
        "`Host: demo.example.org`",
        `${ours.status}, by this route`,
      );
      record(
        "host",
        '`host: "demo.example.org"`',
        "`Host: other.example.org`",
        `${others.status}, by the main route`,
      );
    });

    test("a frontend at / has what no other route takes, and not the 503 of a stage that is away", async () => {
      const [page, away] = [await scene.ask("/any/page"), await scene.ask("/api/v1/away/health")];

      expect(page.echo()).toMatchObject({ path: "/any/page", replica: "pages" });
      expect(away).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
      record("frontend at `/`", '`prefix: "/"`', "`/any/page`", `${page.status}, by the frontend`);
      record(
        "frontend at `/`",
        '`prefix: "/"`',
        "`/api/v1/away/health`, a stage that is away",
        `${away.status}, \`Retry-After: 10\``,
      );
    });

    test.each([
      ["an encoded letter", "/api/v1/demo/pr%6ftected/x"],
      ["two slashes", "/api/v1/demo//protected/x"],
      ["a dot", "/api/v1/demo/./protected/x"],
      ["two dots", "/api/v1/demo/x/../protected/x"],
      ["encoded dots", "/api/v1/demo/x/%2e%2e/protected/x"],
    ])("no way around a protected route by %s", async (trick, path) => {
      const { status } = await scene.ask(path);

      expect(status).toBe(401);
      record(
        "no way around",
        '`authentication: { basic: "operators" }`',
        `${trick}, \`${path}\``,
        String(status),
      );
    });
  });

  describe("limits", () => {
    test("a limit of the route's own", async () => {
      const answers = await scene.askTimes(8, "/api/v1/demo/limited");

      expect(statusCounts(answers)).toBe("5 × 200, 3 × 429");
      expect(answers.at(-1)?.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
      record(
        "limit of its own",
        '`rateLimit: { average: 1, period: "1h", burst: 5 }`',
        "8 requests in a row",
        statusCounts(answers),
      );
    });

    test("a limit that the deployment names, counted for each route by itself", async () => {
      const answers = await scene.askTimes(25, "/api/v1/demo/ingest");

      expect(statusCounts(answers)).toBe("20 × 200, 5 × 429");
      expect((await scene.ask("/api/v1/broken/x")).status).not.toBe(429);
      record(
        "named limit",
        '`rateLimit: "rate-limit-ingest"`, a burst of 20',
        "25 requests in a row",
        statusCounts(answers),
      );
    });

    test("requests in flight are counted for all host names and clients together", async () => {
      const path = "/api/v1/demo/few?sleep=1000";
      const answers = await Promise.all(
        ["a.test", "b.test", "c.test", "d.test"].map(async (host) =>
          scene.ask(path, { headers: { host, "x-forwarded-server": host } }),
        ),
      );

      expect(statusCounts(answers)).toBe("2 × 200, 2 × 429");
      expect((await scene.ask("/api/v1/demo/few")).status).toBe(200);
      record(
        "in flight",
        "`inFlight: { amount: 2 }`",
        "4 at once, under 4 host names",
        statusCounts(answers),
      );
    });

    test("or for each client by itself", async () => {
      const path = "/api/v1/demo/few-each?sleep=1200";
      const own = scene.askAtOnce(4, path);
      await sleep(300);
      const other = await scene.statusFromContainer("pages", "/api/v1/demo/few-each");

      expect(statusCounts(await own)).toBe("2 × 200, 2 × 429");
      expect(other).toBe(200);
      record(
        "in flight",
        '`inFlight: { amount: 2, per: "client" }`',
        "4 at once, and 1 of another client",
        `${statusCounts(await own)}, and ${other}`,
      );
    });

    test("a body that is too large is refused, with its length and without", async () => {
      const [fits, large] = [Buffer.alloc(MEGABYTE), Buffer.alloc(MEGABYTE + 1)];
      const post = async (body: Buffer, isChunked = false) =>
        scene.ask("/api/v1/demo/small", { method: "POST", body, isChunked });
      const answers = [await post(fits), await post(large), await post(large, true)];

      expect(answers.map(({ status }) => status)).toEqual([200, 413, 413]);
      expect(answers[0]?.echo().received).toBe(MEGABYTE);
      record("body size", '`maxBody: "1 MB"`', "1 MB; 1 MB and a byte; the same in chunks", "200; 413; 413");
    });
  });

  describe("services that fail", () => {
    test("a request that reached no replica is answered with 502, and with a retry by another replica", async () => {
      const plain = await scene.askTimes(6, "/api/v1/broken/x");
      const retried = await scene.askTimes(6, "/api/v1/broken/retried/x");

      expect(statusCounts(plain)).toBe("3 × 200, 3 × 502");
      expect(statusCounts(retried)).toBe("6 × 200");
      expect(retried.map(({ echo }) => echo().path)).toEqual(Array(6).fill("/retried/x"));
      record("no retry", "–", "6 requests, one of two replicas takes none", statusCounts(plain));
      record(
        "retry",
        "`retry: { attempts: 3 }`",
        "6 requests, one of two replicas takes none",
        statusCounts(retried),
      );
    });

    test("a request that was sent is not sent again", async () => {
      const path = "/api/v1/broken/retried/x";
      const before = (await scene.ask(path)).echo().served;
      const failed = await scene.ask(`${path}?status=500`, { method: "POST" });

      expect(failed.status).toBe(500);
      expect(failed.echo().served).toBe(before + 1);
      expect((await scene.ask(path)).echo().served).toBe(before + 2);
      record("retry", "`retry: { attempts: 3 }`", "the stage answers 500", `${failed.status}, asked once`);
    });

    test("an answer that does not begin in time is 504, and a route may wait longer", async () => {
      const [plain, patient] = [
        await scene.ask("/api/v1/demo/x?sleep=3000"),
        await scene.ask("/api/v1/demo/patient?sleep=3000"),
      ];

      expect([plain.status, patient.status]).toEqual([504, 200]);
      record("timeout", "–, the gateway gives 2s here", "an answer after 3s", String(plain.status));
      record("timeout", '`timeout: "5s"`', "an answer after 3s", String(patient.status));
    });

    test("a breaker opens, keeps requests away, and closes again", async () => {
      const path = "/api/v1/demo/breaker";
      const isOpen = async (): Promise<boolean> => (await scene.ask(path)).status === 503;
      await until("it opens", async () => (await scene.ask(`${path}?status=500`)).status === 503, 10);
      const whileOpen = await scene.askTimes(5, path);
      expect(statusCounts(whileOpen)).toBe("5 × 503");
      await until("it closes", async () => !(await isOpen()), 10);
      await sleep(1500);
      const after = await scene.askTimes(10, path);

      expect(statusCounts(after)).toBe("10 × 200");
      record(
        "breaker",
        "`circuitBreaker: { serverErrors: 0.5 }`",
        "the stage answers 500, then well at once",
        `500 until it opens, then ${statusCounts(whileOpen)}`,
      );
      record(
        "breaker",
        '`fallbackDuration: "2s"`, `recoveryDuration: "1s"`',
        "the same, 3s later",
        statusCounts(after),
      );
    });

    test.each([
      [
        "slow answers",
        "/api/v1/demo/slow?sleep=500",
        '`circuitBreaker: { latency: { percent: 50, above: "300ms" } }`',
        200,
      ],
      [
        "answers that do not come",
        "/api/v1/demo/lost?sleep=2500",
        "`circuitBreaker: { networkErrors: 0.5 }`",
        504,
      ],
    ])("a breaker opens for %s", async (what, path, field, before) => {
      expect((await scene.ask(path)).status).toBe(before);
      await until("it opens", async () => (await scene.ask(path)).status === 503, 15);

      record("breaker", field, what, `${before}, then 503`);
    });
  });

  describe("browsers", () => {
    const preflight = {
      method: "OPTIONS",
      headers: { origin: ORIGIN, "access-control-request-method": "PUT" },
    } as const;

    test("an origin that is named may ask, and the gateway answers for the stage", async () => {
      const { status, headers, text } = await scene.ask("/api/v1/demo/shared", preflight);

      expect(status).toBe(200);
      expect(text).toBe("");
      expect(headers).toMatchObject({
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS",
        "access-control-allow-headers": "Authorization,Content-Type,X-Request-Id,traceparent",
        "access-control-max-age": "300",
      });
      record(
        "CORS preflight",
        `\`cors: { origins: ["${ORIGIN}"], credentials: true }\``,
        `\`OPTIONS\`, \`Origin: ${ORIGIN}\``,
        `${status}, allowed, with credentials`,
      );
    });

    test("the answer of a request says who may read it, and caches keep it apart", async () => {
      const { headers } = await scene.ask("/api/v1/demo/shared", { headers: { origin: ORIGIN } });

      expect(headers).toMatchObject({
        "access-control-allow-origin": ORIGIN,
        "access-control-expose-headers": "X-Request-Id",
        vary: expect.stringContaining("Origin"),
      });
    });

    test("any other origin is not let in", async () => {
      const headers = { ...preflight.headers, origin: "http://evil.test" };
      const answers = [
        await scene.ask("/api/v1/demo/shared", { ...preflight, headers }),
        await scene.ask("/api/v1/demo/shared", { headers }),
      ];

      for (const answer of answers) expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      record("CORS preflight", "the same", "`OPTIONS`, `Origin: http://evil.test`", "200, not allowed");
    });

    test("a protected route is asked for leave without a password, and its 401 can be read", async () => {
      const leave = await scene.ask("/api/v1/demo/shared-protected", preflight);
      const refused = await scene.ask("/api/v1/demo/shared-protected", { headers: { origin: ORIGIN } });

      expect([leave.status, refused.status]).toEqual([200, 401]);
      expect(refused.headers["access-control-allow-origin"]).toBe(ORIGIN);
      record(
        "CORS and authentication",
        "`cors`, `authentication`",
        "`OPTIONS`; `GET` without a password",
        "200; 401 that the page can read",
      );
    });

    test("security headers where a route has them, always on pages, and not on the API of the sources", async () => {
      const [secured, page, plain] = [
        await scene.ask("/api/v1/demo/secured"),
        await scene.ask("/any/page"),
        await scene.ask("/api/v1/demo/x"),
      ];
      const expected = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "strict-origin-when-cross-origin",
      };

      expect(secured.headers).toMatchObject(expected);
      expect(page.headers).toMatchObject(expected);
      expect(secured.headers).not.toHaveProperty("server");
      expect(plain.headers).not.toHaveProperty("x-frame-options");
      record(
        "security headers",
        "`securityHeaders: true`, or a frontend",
        "any",
        "`nosniff`, `SAMEORIGIN`, referrer policy, no `Server`",
      );
    });

    test("answers of 1 KB and more are compressed, but for streams of events", async () => {
      const headers = { "accept-encoding": "gzip" };
      const encodings = [
        await scene.ask("/api/v1/demo/packed?bytes=5000", { headers }),
        await scene.ask("/api/v1/demo/packed?bytes=10", { headers }),
        await scene.ask("/api/v1/demo/packed?bytes=5000&type=text/event-stream", { headers }),
        await scene.ask("/api/v1/demo/x?bytes=5000", { headers }),
      ].map((answer) => answer.headers["content-encoding"] ?? "plain");

      expect(encodings).toEqual(["gzip", "plain", "plain", "plain"]);
      record(
        "compression",
        "`compress: true`",
        "5 KB; 10 bytes; 5 KB of `text/event-stream`",
        encodings.slice(0, 3).join("; "),
      );
    });
  });

  describe("people", () => {
    const login = (password: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`alice:${password}`).toString("base64")}` },
    });

    test("only a user of the list passes, and the stage never sees the password", async () => {
      const path = "/api/v1/demo/protected/x";
      const answers = [
        await scene.ask(path),
        await scene.ask(path, login("wrong")),
        await scene.ask(path, login("open sesame")),
      ];

      expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
      expect(answers[0]?.headers["www-authenticate"]).toBe('Basic realm="operators"');
      expect(answers[2]?.echo()).toMatchObject({ authorization: "", path: "/protected/x" });
      record(
        "basic authentication",
        '`authentication: { basic: "operators" }`',
        "no password; a wrong one; the right one",
        "401; 401; 200, the stage sees no `Authorization`",
      );
    });

    test("neither password nor hash is in the log", async () => {
      expect(await scene.logs()).not.toMatch(/open sesame|\$2b\$|b3BlbiBzZXNhbWU/);
    });
  });

  describe("replicas", () => {
    test("a client stays with one replica by its cookie, which is for this route alone", async () => {
      const first = await scene.ask("/api/v1/demo/sticky");
      const [cookie = ""] = first.headers["set-cookie"] ?? [];
      const headers = { cookie: cookie.split(";")[0] ?? "" };
      const answers = await scene.askTimes(6, "/api/v1/demo/sticky", { headers });

      expect(cookie).toMatch(
        /^stage1-demo-sticky=\w+; Path=\/api\/v1\/demo\/sticky; HttpOnly; SameSite=Lax$/,
      );
      expect(new Set(answers.map(({ echo }) => echo().replica))).toEqual(new Set([first.echo().replica]));
      record(
        "sticky",
        "`sticky: true`",
        "6 requests with the cookie of the first",
        "all by one of 2 replicas",
      );
    });

    test("without one, replicas take turns", async () => {
      const answers = await scene.askTimes(6, "/api/v1/demo/turns");

      expect(new Set(answers.map(({ echo }) => echo().replica)).size).toBe(2);
      record("replicas", "–", "6 requests", "in turns by 2 replicas");
    });

    test("or the less busy one is asked", async () => {
      const long = scene.ask("/api/v1/demo/busy?sleep=1500");
      await sleep(200);
      const answers = await scene.askTimes(8, "/api/v1/demo/busy");
      const replicas = new Set(answers.map(({ echo }) => echo().replica));

      expect(replicas.size).toBe(1);
      expect(replicas).not.toContain((await long).echo().replica);
      record(
        "replicas",
        '`balancing: "least-busy"`',
        "8 requests while one replica is busy",
        "all by the other",
      );
    });
  });

  test("the gateway has taken every label and has nothing to complain about", async () => {
    const problems = (await scene.logs())
      .split("\n")
      // Of a refused body and a breaker that opens, the libraries tell as errors.
      .filter((line) => /"level":"(error|fatal)"/.test(line) && !line.includes("vulcand/oxy"));

    expect(problems).toEqual([]);
  });

  test("docs/gateway-behaviours.md is what was measured here", async () => {
    await expect(table.toMarkdown()).toMatchFileSnapshot("../../docs/gateway-behaviours.md");
  });
});
