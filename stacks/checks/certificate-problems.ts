import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Problem } from "../../components/core/errors.ts";
import type { PlatformConfig } from "../config/schema.ts";

const KEY = "gateway.tls";

/** What is wrong with a certificate that is given: what Traefik would only tell by serving another one. */
export function certificateProblems({ gateway: { tls }, secrets }: PlatformConfig, now: Date): Problem[] {
  if (tls.mode !== "certificate") return [];
  const certificate = parseCertificate(tls.certificate);
  if (certificate === undefined) {
    return [
      {
        key: `${KEY}.certificate`,
        reason:
          "got no certificate as PEM; give the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
      },
    ];
  }
  return [...validityProblems(certificate, now), ...keyProblems(certificate, tls.key, secrets[tls.key])];
}

/** The first certificate of the text, which is the server's. */
function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function validityProblems(certificate: X509Certificate, now: Date): Problem[] {
  const key = `${KEY}.certificate`;
  if (certificate.validToDate < now) {
    return [{ key, reason: `got one that expired on ${day(certificate.validToDate)}; give a renewed one` }];
  }
  if (certificate.validFromDate > now) {
    return [
      {
        key,
        reason: `got one that is valid from ${day(certificate.validFromDate)} on; give one that is valid today, or correct the clock of this machine`,
      },
    ];
  }
  if (certificate.subjectAltName === undefined) {
    return [
      { key, reason: "got one without a domain (subjectAltName), which every client refuses; give another" },
    ];
  }
  return [];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function keyProblems(certificate: X509Certificate, name: string, pem: string | undefined): Problem[] {
  if (pem === undefined) {
    return [
      {
        key: `${KEY}.key`,
        reason: `got "${name}", which has no value; set it with \`npm run secret -- ${name} < key.pem\` (docs/secrets.md)`,
      },
    ];
  }
  const privateKey = parseKey(pem);
  if (privateKey === undefined) {
    return [
      {
        key: `secrets.${name}`,
        reason: "got a secret value, which is no private key as PEM without a passphrase; give the key",
      },
    ];
  }
  if (certificate.checkPrivateKey(privateKey)) return [];
  return [
    {
      key: `secrets.${name}`,
      reason: `got a secret value, which is not the key of the certificate in ${KEY}.certificate; give the two that belong together`,
    },
  ];
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
