/** Where the gateway finds a certificate that it is given. */
export const CERTIFICATE_PATHS = {
  certificate: "/etc/traefik/tls/certificate.pem",
  key: "/run/secrets/gateway-tls-key",
} as const;

/** Folder of the volume in which certificates and account of an ACME server are kept. */
export const ACME_FOLDER = "/acme";
/** Where a certificate authority of one's own is put, by which the ACME server is believed. */
export const ACME_AUTHORITY_PATH = "/etc/traefik/tls/acme-authority.pem";

const RESOLVER = "acme";

/** How the ACME server is convinced that the domains are ours. */
export type AcmeChallenge =
  | { readonly type: "http-01" }
  | {
      readonly type: "dns-01";
      /** Name of the DNS provider in Traefik, for example `cloudflare`. */
      readonly provider: string;
    };

export interface AcmeSource {
  readonly kind: "acme";
  readonly email: string;
  /** URL of the server's directory. */
  readonly directory: string;
  /** At least one; the first one is the certificate's main name. */
  readonly domains: readonly string[];
  readonly challenge: AcmeChallenge;
  /** Whether the server's own certificate is one of `ACME_AUTHORITY_PATH`. */
  readonly ownAuthority: boolean;
}

/** Where the certificate comes from. */
export type CertificateSource = { readonly kind: "file" } | AcmeSource;

/** TLS of an entry point: every router behind it speaks TLS, whatever its labels say. */
export function renderEntryPointTls(source: CertificateSource): object {
  if (source.kind === "file") return {};
  const [main, ...sans] = source.domains;
  return { certResolver: RESOLVER, domains: [{ main, ...(sans.length === 0 ? {} : { sans }) }] };
}

/** Who is asked for certificates. Nobody where one is given. */
export function renderCertificateResolvers(source: CertificateSource, httpEntryPoint: string): object {
  if (source.kind === "file") return {};
  const { email, directory, challenge, ownAuthority } = source;
  const acme = {
    email,
    caServer: directory,
    ...(ownAuthority ? { caCertificates: [ACME_AUTHORITY_PATH] } : {}),
    storage: `${ACME_FOLDER}/acme.json`,
    keyType: "EC256",
    ...(challenge.type === "http-01"
      ? { httpChallenge: { entryPoint: httpEntryPoint } }
      : { dnsChallenge: { provider: challenge.provider } }),
  };
  return { certificatesResolvers: { [RESOLVER]: { acme } } };
}

/**
 * What is negotiated: TLS 1.2 with forward secrecy and authenticated encryption, or 1.3, whose ciphers are all of that
 * kind. HTTP/2 is offered first.
 */
export function renderTlsOptions(source: CertificateSource): object {
  return {
    tls: {
      options: {
        default: {
          minVersion: "VersionTLS12",
          cipherSuites: [
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          ],
          alpnProtocols: ["h2", "http/1.1"],
        },
      },
      ...(source.kind === "file" ? { stores: { default: { defaultCertificate: givenCertificate() } } } : {}),
    },
  };
}

function givenCertificate(): object {
  return { certFile: CERTIFICATE_PATHS.certificate, keyFile: CERTIFICATE_PATHS.key };
}
