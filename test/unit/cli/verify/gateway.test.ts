import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assessBody } from "../../../../cli/verify/checks/gateway.ts";
import { patientRequest, routedHealth, routedRequest, statusesOf } from "../../../../cli/verify/gateway.ts";
import { selfSigned } from "../../../support/certificates.ts";

let server: Server;
let url: string;
/** Answers to come; the last one is repeated. */
let answers: number[];

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.statusCode = (answers.length > 1 ? answers.shift() : answers[0]) ?? 500;
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

test("a request has patience with a used-up rate limit", async () => {
  answers = [429, 429, 200];
  expect((await patientRequest(url)).status).toBe(200);
});

test("a request to a stage waits for its route as well", async () => {
  answers = [503, 429, 200];
  expect((await routedRequest(url)).status).toBe(200);
});

test("an answer of the stage itself is not waited away", async () => {
  answers = [404, 200];
  expect((await routedRequest(url)).status).toBe(404);
});

test("a health check waits for a route outside /api/v1/, too, where the gateway answers 404", async () => {
  answers = [404, 503, 200];
  expect((await routedHealth(url)).status).toBe(200);
});

test("the loop of the rate limit sees each answer in its turn", async () => {
  answers = [200, 200, 429];
  expect(await statusesOf(url, 4)).toEqual([200, 200, 429, 429]);
});

test("fails at once, with the cause, when nobody listens", async () => {
  await expect(patientRequest("http://127.0.0.1:9/")).rejects.toThrow(/127\.0\.0\.1:9\/ does not answer: /);
});

const body = {
  status: "healthy",
  service: "stage1-cleaning",
  timestamp: "2026-11-22T07:36:34.123456+00:00",
  checks: { redis: "ok" },
};

test.each(["healthy", "ok", "ready"])("a body that says %s is well", (status) => {
  expect(assessBody(JSON.stringify({ ...body, status }), "stage1-cleaning")).toEqual({
    detail: `200, ${status}`,
  });
});

test("a degraded service is a warning that shows its checks", () => {
  const degraded = { ...body, status: "degraded", checks: { redis: "failed: gone" } };
  expect(assessBody(JSON.stringify(degraded), "stage1-cleaning")).toEqual({
    detail: '200, degraded: {"redis":"failed: gone"}',
    warning: true,
  });
});

test.each([
  ["an unhealthy status", { status: "unhealthy" }, "status"],
  ["a time that is none", { timestamp: "yesterday" }, "timestamp"],
  ["no checks", { checks: undefined }, "checks"],
  ["the name of another service", { service: "stage2-nlp" }, "service stage2-nlp instead of stage1-cleaning"],
])("fails for a body with %s", (_, change, message) => {
  expect(() => assessBody(JSON.stringify({ ...body, ...change }), "stage1-cleaning")).toThrow(message);
});

test("fails for a body that is no JSON", () => {
  expect(() => assessBody("<html>", "stage1-cleaning")).toThrow("the body is not as agreed");
});

test("a gateway with TLS is asked at the host's own address, whatever name its certificate has", async () => {
  const { certificate, key } = await selfSigned("pipeline.example.com");
  const secure = createSecureServer({ cert: certificate, key }, (incoming, response) => {
    response.setHeader("X-Request-Id", incoming.headers["x-request-id"] ?? "");
    incoming.pipe(response);
  }).listen(0, "127.0.0.1");
  await once(secure, "listening");
  const { port } = secure.address() as AddressInfo;
  const response = await patientRequest(`https://127.0.0.1:${port}/`, {
    method: "POST",
    headers: { "X-Request-Id": "by-tls" },
    body: "a document",
  });
  const answer = [response.status, response.headers.get("x-request-id"), await response.text()];
  secure.closeAllConnections();
  secure.close();
  expect(answer).toEqual([200, "by-tls", "a document"]);
});
