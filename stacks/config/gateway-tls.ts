import { z } from "zod";
import { secretName } from "./fields.ts";

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

const domain = z.string().regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
  error: 'must be a domain in lower case such as "pipeline.example.com"',
});

const challenge = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({ type: z.literal("http-01") }),
      z.strictObject({
        type: z.literal("dns-01"),
        provider: z
          .string()
          .regex(/^[a-z][a-z0-9]*$/, { error: 'must be the name of a provider, for example "cloudflare"' })
          .describe(
            "DNS provider by its name in Traefik (https://doc.traefik.io/traefik/https/acme/#providers).",
          ),
        secretEnvironment: z
          .partialRecord(
            z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: "must be a variable in capitals" }),
            secretName.describe("Name of the entry of `secrets`."),
          )
          .default({})
          .describe("Variables that the provider needs, each with the name of an entry of `secrets`."),
      }),
    ],
    { error: 'must be "http-01" or "dns-01"' },
  )
  .default({ type: "http-01" })
  .describe(
    "How the server sees that the domains are ours: `http-01` asks port 80 from outside, `dns-01` a record that the gateway makes at the DNS provider.",
  );

/** Where the certificate of the gateway comes from. */
export const gatewayTls = z
  .discriminatedUnion(
    "mode",
    [
      z.strictObject({ mode: z.literal("off") }),
      z.strictObject({
        mode: z.literal("certificate"),
        certificate: z
          .string()
          .min(1, { error: "must not be empty" })
          .describe("The certificate as PEM, the server's own first, then those that lead to its authority."),
        key: secretName
          .default("GATEWAY_TLS_KEY")
          .describe("Name of the entry of `secrets` that holds the certificate's private key as PEM."),
      }),
      z.strictObject({
        mode: z.literal("acme"),
        email: z
          .email({ error: "must be an e-mail address" })
          .describe("Where the server writes to about the certificates."),
        domains: z
          .array(domain)
          .min(1, { error: "must name at least one domain" })
          .max(100, { error: "must name at most 100 domains, the most that one certificate takes" })
          .describe(
            "Domains of the certificate. A wildcard such as `*.example.com` needs the challenge `dns-01`.",
          ),
        directory: z
          .url({ protocol: /^https$/, error: "must be an https URL" })
          .default(LETS_ENCRYPT)
          .describe("Directory of the ACME server."),
        authority: z
          .string()
          .min(1, { error: "must not be empty" })
          .optional()
          .describe(
            "Certificate of the authority of a private ACME server, as PEM. Those of the image unless given.",
          ),
        challenge,
      }),
    ],
    { error: 'must be one of "off", "certificate", "acme"' },
  )
  .default({ mode: "off" })
  .describe(
    "TLS: `off`, a `certificate` that is given, or certificates that the gateway asks an `acme` server for and renews (`001-047`). With it clients of port 80 are sent to `hostPorts.gatewayTls`.",
  );
