import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, IdentityScene, KEYS, PASSWORD } from "./support/identity-scene.ts";
import { until } from "./support/until.ts";

const GUARDED = "/api/v1/graph/x";
const OPEN = "/api/v1/public/x";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const told = ({ body }: Answer) => JSON.parse(body) as unknown;
const seenBy = ({ body }: Answer) => JSON.parse(body) as { user: string; roles: string; names: string };

/** Id of the key that signed a token. */
function keyOf(token: string): string {
  const [header = ""] = token.split(".");
  return (JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid;
}

describe("the real gateway with the real identity service", () => {
  const scene = new IdentityScene();
  beforeAll(() => scene.start());
  afterAll(() => scene.close());

  /** One request with a token. */
  function askWith(token: string, path = GUARDED, method = "GET"): Promise<Answer> {
    return scene.ask(path, { method, headers: bearer(token) });
  }

  test("answers 401 with the reason without a token, with a bad, a forged and an expired one", async () => {
    const forged = await scene.signed({ secondsFromNow: 0, key: "x".repeat(32) });
    const expired = await scene.signed({ secondsFromNow: -3600, key: KEYS["2026-10"] });
    const answers = [await scene.ask(GUARDED)];
    for (const token of ["not-a-token", forged, expired]) answers.push(await askWith(token));

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(answers.map(told)).toEqual(
      ["missing", "malformed", "not signed by us", "expired"].map((reason) => ({
        detail: "Invalid token",
        reason,
      })),
    );
    expect(answers[0]?.headers["www-authenticate"]).toBe("Bearer");
    expect(answers[3]?.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test("lets a good token through with who its user is, whatever the method", async () => {
    const token = await scene.logIn();
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const answer = await askWith(token, GUARDED, method);

      expect([method, answer.status]).toEqual([method, 200]);
      expect(seenBy(answer)).toMatchObject({ user: "u-1", roles: "reader,editor" });
    }
    expect(seenBy(await askWith(token)).names.toLowerCase()).toContain("x-user-permissions");
  });

  test("answers 403 to a user who may not go there, however the path is written", async () => {
    const [reader, owner] = [await scene.logIn(), await scene.logIn("olga@example.org")];
    const ways = ["/locked", "/locked/x", "/lock%65d", "/x/../locked", "//locked", "/locked?a=/"];
    for (const way of ways) {
      const { status } = await askWith(reader, `/api/v1/graph${way}`, "POST");
      expect([way, status]).toEqual([way, 403]);
    }
    const disguise = { "x-forwarded-uri": "/api/v1/public", "x-forwarded-method": "GET" };
    const headers = { ...bearer(reader), ...disguise };
    const refused = await scene.ask("/api/v1/graph/locked", { method: "POST", headers });
    expect(refused.status).toBe(403);
    expect(told(refused)).toEqual({ detail: "Forbidden: needs one of the roles owner" });
    expect((await askWith(reader, "/api/v1/graph/locked")).status).toBe(200);
    expect((await askWith(owner, "/api/v1/graph/locked", "POST")).status).toBe(200);
  });

  test("takes every header by which a client says who it is, on public routes as well", async () => {
    const spoofed = {
      "X-User-Id": "admin",
      "x-user-roles": "owner",
      "X-User-Anything": "yes",
      X_User_Id: "admin",
      "x_user-id": "admin",
    };
    const open = seenBy(await scene.ask(OPEN, { headers: spoofed }));
    const headers = { ...spoofed, ...bearer(await scene.logIn()) };
    const guarded = seenBy(await scene.ask(GUARDED, { headers }));

    expect(open).toMatchObject({ user: "", roles: "" });
    expect(open.names).not.toMatch(/x[-_]user/i);
    expect(guarded).toMatchObject({ user: "u-1", roles: "reader,editor" });
    expect(guarded.names).not.toMatch(/x_user|x-user-anything/i);
  });

  test("does not let a client have the user's headers dropped on the way", async () => {
    const headers = { ...bearer(await scene.logIn()), connection: "X-User-Id, X-User-Roles, close" };

    expect(seenBy(await scene.ask(GUARDED, { headers }))).toMatchObject({
      user: "u-1",
      roles: "reader,editor",
    });
  });

  test("leaves public routes open and a mistake of a stage its own", async () => {
    expect((await scene.ask(OPEN)).status).toBe(200);
    expect((await askWith(await scene.logIn(), "/api/v1/graph/fail")).status).toBe(500);
  });

  test("a key is rotated without a failed request: old tokens stay good, new ones have the new key", async () => {
    const old = await scene.logIn();
    const statuses = new Set<number>();
    let isRotating = true;
    const traffic = (async () => {
      while (isRotating) statuses.add((await askWith(old)).status);
    })();
    await scene.install("rotated", ["2026-11", "2026-10"]);
    await sleep(200);
    const fresh = await scene.logIn();
    isRotating = false;
    await traffic;

    expect([keyOf(old), keyOf(fresh)]).toEqual(["2026-10", "2026-11"]);
    expect([...statuses]).toEqual([200]);
    expect((await askWith(fresh)).status).toBe(200);
  });

  test("a key that is taken away ends its tokens, and no container was restarted", async () => {
    const token = await scene.signed({ secondsFromNow: 0, key: KEYS["2026-10"] });
    expect((await askWith(token)).status).toBe(200);
    await scene.install("retired", ["2026-11"]);

    expect((await askWith(token)).status).toBe(401);
    expect((await askWith(await scene.logIn())).status).toBe(200);
    expect((await scene.service.logs()).match(/service_started/g)).toHaveLength(1);
    expect((await scene.gateway.logs()).match(/Loading plugins\.\.\./g)).toHaveLength(1);
  });

  test("writes no token and no password into a log", async () => {
    const token = await scene.logIn();
    await askWith(token, "/api/v1/graph/after-token");
    await until("the access line", async () => (await scene.gateway.logs()).includes("after-token"));

    for (const log of [await scene.gateway.logs(), await scene.service.logs()]) {
      expect(log).not.toContain(token);
      expect(log).not.toContain(PASSWORD);
    }
  });

  test("answers 503 while the identity service hangs and when it is gone, and public routes go on", async () => {
    const token = await scene.logIn();
    const hanging = await scene.whileItHangs(() => askWith(token));
    await until("the service answers again", async () => (await askWith(token)).status === 200);
    await scene.stopService();
    const gone = await askWith(token);

    for (const answer of [hanging, gone]) {
      expect(answer.status).toBe(503);
      expect(told(answer)).toEqual({ detail: "Identity service unavailable" });
      expect(answer.headers["retry-after"]).toBe("10");
      expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    }
    expect((await scene.ask(OPEN)).status).toBe(200);
  });
});
