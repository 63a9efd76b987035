import { describe, expect, test } from "vitest";
import {
  type AcmeSource,
  renderCertificateResolvers,
  renderEntryPointTls,
  renderTlsOptions,
} from "../../../../components/traefik/tls.config.ts";

const ACME: AcmeSource = {
  kind: "acme",
  email: "operator@example.com",
  directory: "https://acme.example.com/directory",
  domains: ["pipeline.example.com", "api.example.com"],
  challenge: { type: "http-01" },
  ownAuthority: false,
};

describe("TLS with a certificate that is given", () => {
  test("asks nobody for one, and shows it to every client", () => {
    expect(renderCertificateResolvers({ kind: "file" }, "web")).toEqual({});
    expect(renderTlsOptions({ kind: "file" })).toHaveProperty("tls.stores.default.defaultCertificate", {
      certFile: "/etc/traefik/tls/certificate.pem",
      keyFile: "/run/secrets/gateway-tls-key",
    });
  });

  test("negotiates TLS 1.2 with forward secrecy or newer", () => {
    expect(renderTlsOptions({ kind: "file" })).toMatchObject({
      tls: {
        options: {
          default: {
            minVersion: "VersionTLS12",
            cipherSuites: expect.not.arrayContaining([
              expect.not.stringMatching(/^TLS_ECDHE_.*(GCM|POLY1305)/),
            ]),
          },
        },
      },
    });
  });
});

describe("TLS with certificates of an ACME server", () => {
  test("asks for all domains in one certificate, the first one as its main name", () => {
    expect(renderEntryPointTls(ACME)).toEqual({
      certResolver: "acme",
      domains: [{ main: "pipeline.example.com", sans: ["api.example.com"] }],
    });
    expect(renderEntryPointTls({ ...ACME, domains: ["pipeline.example.com"] })).toEqual({
      certResolver: "acme",
      domains: [{ main: "pipeline.example.com" }],
    });
  });

  test("keeps them on the volume, and answers HTTP-01 where clients without TLS come in", () => {
    expect(renderCertificateResolvers(ACME, "web")).toHaveProperty("certificatesResolvers.acme.acme", {
      email: "operator@example.com",
      caServer: "https://acme.example.com/directory",
      storage: "/acme/acme.json",
      keyType: "EC256",
      httpChallenge: { entryPoint: "web" },
    });
  });

  test("names the DNS provider for DNS-01, and the authority of a private server", () => {
    const source: AcmeSource = {
      ...ACME,
      challenge: { type: "dns-01", provider: "cloudflare" },
      ownAuthority: true,
    };

    expect(renderCertificateResolvers(source, "web")).toMatchObject({
      certificatesResolvers: {
        acme: {
          acme: {
            dnsChallenge: { provider: "cloudflare" },
            caCertificates: ["/etc/traefik/tls/acme-authority.pem"],
          },
        },
      },
    });
  });
});
