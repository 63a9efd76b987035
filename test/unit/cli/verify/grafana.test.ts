import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { grafanaChecks } from "../../../../cli/verify/checks/grafana.ts";
import type { VerifyContext } from "../../../../cli/verify/context.ts";

const LOGIN = `Basic ${Buffer.from("admin:generated").toString("base64")}`;

let server: Server;

/** Answers as Grafana does for one of its datasources, to its administrator alone. */
beforeEach(async () => {
  server = createServer(({ url, headers }, response) => {
    const isAsked = url === "/api/datasources/uid/loki/health";
    if (headers.authorization !== LOGIN) response.writeHead(401).end("{}");
    else response.end(JSON.stringify(isAsked ? { status: "OK" } : { status: "ERROR", message: "away" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function checksWith(credentials: object, isOn = true) {
  const grafana = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return grafanaChecks({
    outputs: { urls: isOn ? { grafana } : {} },
    readSecret: async () => Promise.resolve(JSON.stringify(credentials)),
  } as unknown as VerifyContext);
}

test("each datasource is asked with the login that the stack gives out", async () => {
  const [prometheus, loki] = checksWith({ grafana: { user: "admin", password: "generated" } });

  expect(await loki?.run()).toEqual({ detail: "OK" });
  await expect(prometheus?.run()).rejects.toThrow("Grafana says ERROR: away");
});

test("a stack that gives out no login for it fails, and a Grafana that is off is not asked", async () => {
  const [first] = checksWith({});

  await expect(first?.run()).rejects.toThrow("no login for Grafana");
  expect(checksWith({}, false)).toEqual([]);
});
