import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CheckFailure } from "../../../../cli/verify/check.ts";
import type { VerifyContext } from "../../../../cli/verify/context.ts";
import { passFor, TOKEN_VARIABLE } from "../../../../cli/verify/token.ts";
import type { StageSummary } from "../../../../stacks/outputs.ts";

const GUARDED = { asksForToken: true } as StageSummary;
const ADMINISTRATOR = { identity: { user: "admin@storytelling.internal", password: "generated" } };

let server: Server;
let logins: unknown[];
let answer: { readonly status: number; readonly body: object };

beforeEach(async () => {
  vi.stubEnv(TOKEN_VARIABLE, undefined);
  logins = [];
  answer = { status: 200, body: { access_token: "a-token" } };
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      logins.push([request.url, JSON.parse(Buffer.concat(chunks).toString())]);
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function context(credentials: object): VerifyContext {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/identity`;
  return {
    outputs: { services: [{ service: "identity", container: "storytelling-identity", url }] },
    readSecret: async () => Promise.resolve(JSON.stringify(credentials)),
  } as unknown as VerifyContext;
}

test("a route that asks for no token is asked without one", async () => {
  expect(await passFor(context({}), { asksForToken: false } as StageSummary)).toEqual({});
  expect(logins).toEqual([]);
});

test("a route that asks for a token gets one of the administrator", async () => {
  expect(await passFor(context(ADMINISTRATOR), GUARDED)).toEqual({ Authorization: "Bearer a-token" });
  expect(logins).toEqual([
    ["/api/v1/identity/auth/login", { email: "admin@storytelling.internal", password: "generated" }],
  ]);
});

test("a token of the environment is taken as it is", async () => {
  vi.stubEnv(TOKEN_VARIABLE, "mine");

  expect(await passFor(context({}), GUARDED)).toEqual({ Authorization: "Bearer mine" });
});

test("without an administrator it is told how to give a token", async () => {
  await expect(passFor(context({}), GUARDED)).rejects.toThrow(
    new CheckFailure(`the route asks for a token: log in and put one into ${TOKEN_VARIABLE}`),
  );
});

test("a refused login is told without the password", async () => {
  answer = { status: 401, body: { detail: "Wrong e-mail or password" } };

  await expect(passFor(context(ADMINISTRATOR), GUARDED)).rejects.toThrow(/auth\/login answers 401$/);
});
