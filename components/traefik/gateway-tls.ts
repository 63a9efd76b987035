import type * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "../core/config-file.ts";
import type { Environment } from "../core/environment.ts";
import type { PublishedPort } from "../core/managed-container.ts";
import {
  ACME_AUTHORITY_PATH,
  type AcmeSource,
  CERTIFICATE_PATHS,
  type CertificateSource,
} from "./tls.config.ts";

/** A certificate that somebody made. */
export interface GivenCertificate {
  readonly kind: "file";
  /** PEM, the server's certificate first, then those that lead to its authority. */
  readonly certificate: string;
  /** PEM. Secret. */
  readonly key: pulumi.Output<string>;
}

/** A certificate that the gateway asks an ACME server for, and renews. */
export interface AcmeCertificate extends Omit<AcmeSource, "ownAuthority"> {
  /** PEM of the authority of a private ACME server. The image's authorities unless given. */
  readonly authority?: string;
  /** Variables of the DNS provider, with their secrets. None unless given. */
  readonly environment?: Environment;
  /** Volume in which the account and the certificates are kept. */
  readonly volumeName: string;
}

export interface GatewayTls {
  /** Where the host listens for clients that speak TLS. */
  readonly published: Omit<PublishedPort, "container">;
  readonly certificate: GivenCertificate | AcmeCertificate;
}

/** The certificate as the configuration files describe it: without what is secret. */
export function certificateSource({ certificate }: GatewayTls): CertificateSource {
  if (certificate.kind === "file") return { kind: "file" };
  const { email, directory, domains, challenge, authority } = certificate;
  return { kind: "acme", email, directory, domains, challenge, ownAuthority: authority !== undefined };
}

/** The files that TLS needs in the container. */
export function certificateFiles({ certificate }: GatewayTls): ConfigFile[] {
  if (certificate.kind === "file") {
    return [
      { path: CERTIFICATE_PATHS.certificate, content: certificate.certificate },
      { path: CERTIFICATE_PATHS.key, content: certificate.key },
    ];
  }
  return certificate.authority === undefined
    ? []
    : [{ path: ACME_AUTHORITY_PATH, content: certificate.authority }];
}
