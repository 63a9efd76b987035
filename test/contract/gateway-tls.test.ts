import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { createServer } from "node:net";
import { secret } from "@pulumi/pulumi";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SelfSigned, selfSigned } from "../support/certificates.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";
import { accessLines, GatewayScene } from "./support/gateway-scene.ts";
import { until } from "./support/until.ts";

const HOST = "pipeline.example.com";

describe("a real gateway with a certificate of its own", () => {
  const sandbox = new Sandbox();
  let gateway: RunningContainer;
  let given: SelfSigned;
  let tlsPort: number;

  beforeAll(async () => {
    given = await selfSigned(HOST);
    tlsPort = await freePort();
    const scene = await GatewayScene.open(sandbox);
    const started = await scene.startGateway("traefik", {
      tls: {
        published: { host: tlsPort, address: "127.0.0.1" },
        certificate: { kind: "file", certificate: given.certificate, key: secret(given.key) },
      },
    });
    gateway = started.gateway;
    await scene.startEcho(started.traefik, "echo");
    await until("the service is reached", async () => (await getSecure("/api/v1/echo/x")).status === 200);
  });
  afterAll(() => sandbox.close());

  interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
  }

  async function getSecure(path: string): Promise<Answer> {
    const asked = request({
      host: "127.0.0.1",
      port: tlsPort,
      path,
      servername: HOST,
      ca: given.certificate,
      agent: false,
    });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  function getPlain(path: string, method = "GET"): Promise<Response> {
    return fetch(`http://127.0.0.1:${gateway.hostPort(80)}${path}`, { method, redirect: "manual" });
  }

  /** What openssl says about a handshake with these options. */
  async function handshake(...options: readonly string[]): Promise<string> {
    const { all } = await execa("openssl", ["s_client", "-connect", `127.0.0.1:${tlsPort}`, ...options], {
      input: "",
      all: true,
      reject: false,
    });
    return all;
  }

  test.each([
    ["TLS 1.0", "-tls1"],
    ["TLS 1.1", "-tls1_1"],
  ])("a handshake of %s is refused", async (_, version) => {
    // Without the lower security level openssl itself would not offer it.
    expect(await handshake(version, "-cipher", "DEFAULT:@SECLEVEL=0")).toMatch(/alert protocol version/);
  });

  test.each([
    ["TLS 1.2", "-tls1_2", "TLSv1.2"],
    ["TLS 1.3", "-tls1_3", "TLSv1.3"],
  ])("a handshake of %s is accepted, with a modern cipher", async (_, version, name) => {
    expect(await handshake(version)).toMatch(
      new RegExp(`New, ${name}, Cipher is (ECDHE-.*(GCM|CHACHA20)|TLS_(AES|CHACHA20)_)`),
    );
  });

  test.each(["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"])(
    "the cipher %s, without forward secrecy or authentication, is refused",
    async (cipher) => {
      expect(await handshake("-tls1_2", "-cipher", `${cipher}:@SECLEVEL=0`)).toMatch(
        /alert handshake failure/,
      );
    },
  );

  test("shows the given certificate, also to a client that names another host or none", async () => {
    const { fingerprint256 } = new X509Certificate(given.certificate);
    for (const options of [["-servername", HOST], ["-servername", "other.example.com"], ["-noservername"]]) {
      const shown = await handshake(...options);
      const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(shown)?.[0] ?? "";

      expect(new X509Certificate(pem).fingerprint256).toBe(fingerprint256);
    }
  });

  test("leads to a stage whose labels know nothing of TLS, and tells it", async () => {
    const { status, body } = await getSecure("/api/v1/echo/documents/7");

    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ path: "/documents/7", proto: "https" });
  });

  test("tells browsers to come by TLS only, for a year, on every answer", async () => {
    for (const path of ["/api/v1/echo/x", "/api/v1/timeline/x", "/nothing/here", "/health"]) {
      expect((await getSecure(path)).headers["strict-transport-security"]).toBe("max-age=31536000");
    }
  });

  test("speaks HTTP/2", async () => {
    const session = connectHttp2(`https://127.0.0.1:${tlsPort}`, { servername: HOST, ca: given.certificate });
    const stream = session.request({ ":path": "/api/v1/echo/x" });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    stream.resume();
    await once(stream, "end");
    session.close();

    expect(headers[":status"]).toBe(200);
  });

  test.each([
    ["GET", 301],
    ["POST", 308],
  ])("sends a %s without TLS to the port with it, permanently, with %i", async (method, status) => {
    const response = await getPlain("/api/v1/echo/x?page=2", method);

    expect(response.status).toBe(status);
    expect(response.headers.get("location")).toBe(`https://127.0.0.1:${tlsPort}/api/v1/echo/x?page=2`);
    expect(response.headers.get("strict-transport-security")).toBeNull();
  });

  test("answers /health on both ports, because a probe may speak no TLS", async () => {
    expect((await getPlain("/health")).status).toBe(200);
    expect((await getSecure("/health")).status).toBe(200);
  });

  test("writes what it negotiated into its log, which is JSON in every line", async () => {
    await handshake("-tls1");
    const lines = await accessLines(gateway);

    expect(lines.map((line) => line["TLSVersion"])).toContain("1.3");
    expect(await gateway.logs()).not.toContain("PRIVATE KEY");
  });
});

/** The address of clients is part of the redirection, so the port must be known before the gateway starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}
