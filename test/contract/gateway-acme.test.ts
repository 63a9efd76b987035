import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { secret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tcpProbe } from "../../components/core/health.ts";
import { ManagedContainer } from "../../components/core/managed-container.ts";
import type { AcmeCertificate } from "../../components/traefik/gateway-tls.ts";
import { ArtifactCache } from "../../offline/cache/artifact-cache.ts";
import { provideGoProgram } from "../../offline/go/go-program.ts";
import { type SelfSigned, selfSigned } from "../support/certificates.ts";
import { NOT_HARDENED } from "../support/hardening.ts";
import { imageOf } from "../support/images.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";
import { GatewayScene } from "./support/gateway-scene.ts";
import { until } from "./support/until.ts";

/** Where Pebble finds a domain: at its usual ports, as Let's Encrypt does. */
const PEBBLE_CONFIG = JSON.stringify({
  pebble: {
    listenAddress: "0.0.0.0:14000",
    managementListenAddress: "0.0.0.0:15000",
    certificate: "/pebble/certificate.pem",
    privateKey: "/pebble/key.pem",
    httpPort: 80,
    tlsPort: 443,
  },
});

/** A DNS provider that takes every record and writes down who asked. */
const DNS_PROVIDER_CONFIG = `
global
  log stdout format raw local0
  hard-stop-after 100ms
defaults
  mode http
  log global
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend provider
  bind :8000
  http-request capture req.hdr(authorization) len 200
  log-format "%HM %HP %[capture.req.hdr(0)]"
  http-request return status 200
`;

/** An order is a dozen requests; seconds on a quiet machine. */
const PATIENCE_SECONDS = 90;

const ignore = () => undefined;

describe("a real gateway and a real ACME server, Pebble", () => {
  const sandbox = new Sandbox();
  // Docker's own name server knows containers by their names, and a domain is a name for it as well.
  const domain = `${sandbox.prefix}.example.com`;
  let scene: GatewayScene;
  let pebble: SelfSigned;

  beforeAll(async () => {
    pebble = await selfSigned("pebble");
    scene = await GatewayScene.open(sandbox);
    const program = await provideGoProgram("pebble", new ArtifactCache(ignore), ignore);
    new ManagedContainer("pebble", {
      containerName: `${sandbox.prefix}-pebble`,
      image: await imageOf("debian"),
      ...NOT_HARDENED,
      networks: [{ name: scene.network.name, aliases: ["pebble"] }],
      command: ["/pebble/pebble", "-config", "/pebble/config.json"],
      // By its own will it waits for seconds before it validates, and refuses some orders, to try clients.
      environment: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
      files: [
        { path: "/pebble/config.json", content: PEBBLE_CONFIG },
        { path: "/pebble/certificate.pem", content: pebble.certificate },
        { path: "/pebble/key.pem", content: pebble.key },
      ],
      mounts: [{ hostPath: program, path: "/pebble/pebble", readOnly: true }],
      health: tcpProbe(14000, { interval: "1s", timeout: "1s", retries: 5, startPeriod: "5s" }, "bash"),
      limits: { cpus: 0.5, memory: "128 MB" },
    });
    await sandbox.start(await scene.declared("pebble"));
  });
  afterAll(() => sandbox.close());

  async function startGateway(
    name: string,
    containerName: string,
    certificate: Partial<AcmeCertificate> = {},
  ): Promise<RunningContainer> {
    const { gateway } = await scene.startGateway(name, {
      containerName,
      tls: {
        published: { host: 0, address: "127.0.0.1" },
        certificate: {
          kind: "acme",
          email: "operator@example.com",
          directory: "https://pebble:14000/dir",
          domains: [domain],
          challenge: { type: "http-01" },
          authority: pebble.certificate,
          volumeName: sandbox.volumeName(`${name}-certificates`),
          ...certificate,
        },
      },
    });
    return gateway;
  }

  /** The certificate that a client of this host name is shown. */
  async function shownCertificate(gateway: RunningContainer): Promise<X509Certificate> {
    const socket = connect({
      host: "127.0.0.1",
      port: gateway.hostPort(443),
      servername: domain,
      rejectUnauthorized: false,
    });
    await once(socket, "secureConnect");
    const certificate = socket.getPeerX509Certificate();
    socket.destroy();
    if (certificate === undefined) throw new Error("no certificate was shown");
    return certificate;
  }

  test("gets a certificate by HTTP-01 through its own redirection, and a new container keeps it", async () => {
    const first = await startGateway("first", domain);
    const isIssued = async () => (await shownCertificate(first)).issuer.includes("Pebble");
    await until("the certificate is issued", isIssued, PATIENCE_SECONDS).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await first.logs()}`);
    });
    const issued = await shownCertificate(first);
    expect(issued.subjectAltName).toBe(`DNS:${domain}`);
    expect((await first.exec(["stat", "-c", "%a", "/acme/acme.json"])).output).toBe("600");

    await sandbox.stop(first.name);
    const second = await sandbox.start(await scene.declared("first-gateway"));

    expect((await shownCertificate(second)).serialNumber).toBe(issued.serialNumber);
    // The next gateway has the same name on the network of the platform.
    await sandbox.stop(second.name);
  });

  test("asks the DNS provider by name for DNS-01, and logs in with the given secrets", async () => {
    const provider = await scene.startHaproxy("dns-provider", DNS_PROVIDER_CONFIG);
    const second = await startGateway("second", `${sandbox.prefix}-second`, {
      domains: [`*.${domain}`],
      challenge: { type: "dns-01", provider: "httpreq" },
      environment: {
        HTTPREQ_ENDPOINT: secret("http://dns-provider:8000"),
        HTTPREQ_USERNAME: secret("operator"),
        HTTPREQ_PASSWORD: secret("dns-secret"),
      },
    });
    const login = Buffer.from("operator:dns-secret").toString("base64");

    await until(
      "the provider is asked",
      async () => (await provider.logs()).includes("POST /present"),
      PATIENCE_SECONDS,
    );
    expect(await provider.logs()).toContain(`POST /present Basic ${login}`);
    expect(await second.logs()).not.toContain("dns-secret");
  });
});
