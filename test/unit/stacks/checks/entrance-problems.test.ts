import { beforeAll, describe, expect, test } from "vitest";
import { entranceProblems } from "../../../../stacks/checks/entrance-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";
import { type SelfSigned, selfSigned } from "../../../support/certificates.ts";

function plan(raw: Readonly<Record<string, unknown>>) {
  return { config: parseConfig(raw) };
}

describe("a certificate that is given", () => {
  let good: SelfSigned;
  let other: SelfSigned;
  let nameless: SelfSigned;
  beforeAll(async () => {
    [good, other, nameless] = await Promise.all([
      selfSigned("pipeline.example.com"),
      selfSigned("pipeline.example.com"),
      selfSigned(),
    ]);
  });

  function problemsOf(certificate: string, key: string | undefined, now?: Date) {
    const secrets = key === undefined ? {} : { GATEWAY_TLS_KEY: key };
    return entranceProblems(plan({ gateway: { tls: { mode: "certificate", certificate } }, secrets }), now);
  }

  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  const day = (date: Date) => date.toISOString().slice(0, 10);

  test("is accepted with its key", () => {
    expect(problemsOf(good.certificate, good.key)).toEqual([]);
  });

  test("without its key is refused, with the command that sets one", () => {
    expect(problemsOf(good.certificate, undefined)).toEqual([
      {
        key: "gateway.tls.key",
        reason:
          'got "GATEWAY_TLS_KEY", which has no value; set it with `npm run secret -- GATEWAY_TLS_KEY < key.pem` (docs/secrets.md)',
      },
    ]);
  });

  test("is refused when it is none, and nothing more is said about it", () => {
    expect(problemsOf("-----BEGIN CERTIFICATE-----\nnonsense", undefined)).toEqual([
      { key: "gateway.tls.certificate", reason: expect.stringContaining("got no certificate as PEM; give") },
    ]);
  });

  test.each([
    ["the key of another certificate", () => other.key, "is not the key of the certificate"],
    ["no key at all", () => "nonsense", "is no private key as PEM"],
  ])("is refused with %s, which is not shown", (_, key, reason) => {
    const problems = problemsOf(good.certificate, key());

    expect(problems).toEqual([{ key: "secrets.GATEWAY_TLS_KEY", reason: expect.stringContaining(reason) }]);
    expect(JSON.stringify(problems)).not.toContain(key());
  });

  test("is refused once it expired, and before it is valid, with the day", () => {
    expect(problemsOf(good.certificate, good.key, inDays(3))).toEqual([
      {
        key: "gateway.tls.certificate",
        reason: `got one that expired on ${day(inDays(1))}; give a renewed one`,
      },
    ]);
    expect(problemsOf(good.certificate, good.key, inDays(-3))).toEqual([
      { key: "gateway.tls.certificate", reason: expect.stringContaining(`valid from ${day(new Date())} on`) },
    ]);
  });

  test("is refused when it is for no domain", () => {
    expect(problemsOf(nameless.certificate, nameless.key)).toEqual([
      { key: "gateway.tls.certificate", reason: expect.stringContaining("without a domain") },
    ]);
  });
});

describe("certificates of an ACME server", () => {
  function problemsOf(changes: object) {
    const tls = {
      mode: "acme",
      email: "operator@example.com",
      domains: ["pipeline.example.com"],
      ...changes,
    };
    return entranceProblems(plan({ gateway: { tls }, secrets: { DNS_TOKEN: "token" } }));
  }

  test("are asked for by HTTP-01, or by DNS-01 with secrets that are there", () => {
    expect(problemsOf({})).toEqual([]);
    const challenge = {
      type: "dns-01",
      provider: "cloudflare",
      secretEnvironment: { CF_DNS_API_TOKEN: "DNS_TOKEN" },
    };
    expect(problemsOf({ domains: ["*.example.com"], challenge })).toEqual([]);
  });

  test("are not to be had by HTTP-01 for a wildcard", () => {
    expect(problemsOf({ domains: ["example.com", "*.example.com"] })).toEqual([
      {
        key: "gateway.tls.domains",
        reason:
          'got "*.example.com", no server gives a wildcard for the challenge "http-01"; use "dns-01", or name the domains',
      },
    ]);
  });

  test("need every secret that the DNS provider is given", () => {
    const challenge = {
      type: "dns-01",
      provider: "cloudflare",
      secretEnvironment: { CF_DNS_API_TOKEN: "MISSING" },
    };

    expect(problemsOf({ challenge })).toEqual([
      {
        key: "gateway.tls.challenge.secretEnvironment.CF_DNS_API_TOKEN",
        reason: expect.stringContaining('got "MISSING", which has no value'),
      },
    ]);
  });
});

describe("administrators", () => {
  const admin = "operators";
  const users = { operators: "OPERATORS" };

  test("are a list of users", () => {
    expect(entranceProblems(plan({ gateway: { admin, users } }))).toEqual([]);
  });

  test("of a list that is not there are refused, with those that are", () => {
    expect(entranceProblems(plan({ gateway: { admin: "admins", users } }))).toEqual([
      {
        key: "gateway.admin",
        reason:
          'got "admins", this deployment has operators; take one of these, or add it to gateway.users of the configuration',
      },
    ]);
  });

  test("do not send their passwords over a network in the clear", () => {
    const open = { bindAddress: "0.0.0.0" };
    const gateway = { admin, users };
    const tls = { mode: "acme", email: "operator@example.com", domains: ["pipeline.example.com"] };

    expect(entranceProblems(plan({ ...open, gateway }))).toEqual([
      {
        key: "gateway.admin",
        reason: expect.stringContaining("listens on 0.0.0.0 without TLS; set gateway.tls"),
      },
    ]);
    expect(entranceProblems(plan({ ...open, gateway: { ...gateway, tls } }))).toEqual([]);
    expect(
      entranceProblems(plan({ ...open, gateway: { ...gateway, trustedProxies: ["10.0.0.1"] } })),
    ).toEqual([]);
  });
});

test("a stage that stands alone has no gateway that could speak TLS", () => {
  const tls = { mode: "acme", email: "operator@example.com", domains: ["pipeline.example.com"] };

  expect(entranceProblems(plan({ mode: "standalone", gateway: { tls } }))).toEqual([
    {
      key: "gateway.tls.mode",
      reason: 'got "acme", in the mode "standalone" there is no gateway; set it to "off"',
    },
  ]);
});
