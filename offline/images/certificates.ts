const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a bundle, in their order. */
export function splitCertificates(bundle: string): readonly string[] {
  return bundle.match(CERTIFICATE) ?? [];
}

/** Certificates that the host trusts beyond what its distribution ships, each once. */
export function addedCertificates(trusted: readonly string[], shipped: readonly string[]): readonly string[] {
  const known = new Set(shipped.flatMap(splitCertificates).map(withoutLayout));
  const added = new Map<string, string>();
  for (const certificate of trusted.flatMap(splitCertificates)) {
    const identity = withoutLayout(certificate);
    if (!known.has(identity)) added.set(identity, certificate);
  }
  return [...added.values()];
}

/** Line ends and widths differ between files that hold the same certificate. */
function withoutLayout(certificate: string): string {
  return certificate.replaceAll(/\s/g, "");
}
