import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A certificate that its own key signed, with that key, as PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for this host name, or for none, valid for one day. */
export async function selfSigned(host?: string): Promise<SelfSigned> {
  const folder = mkdtempSync(join(tmpdir(), "storytelling-test-"));
  try {
    const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
    const names = host === undefined ? [] : ["-addext", `subjectAltName=DNS:${host}`];
    const subject = ["-subj", "/CN=storytelling test", ...names];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
    await execa("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate]);
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
