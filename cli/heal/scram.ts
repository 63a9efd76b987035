import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

const HASH = "sha256";
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** PostgreSQL's own default. */
const ITERATIONS = 4096;

/** `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`, as PostgreSQL keeps a password. */
const VERIFIER = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/;

/** Whether PostgreSQL lets a role with this verifier in with this password. */
export function matchesVerifier(verifier: string | null, password: string): boolean {
  const [, iterations, salt, storedKey] = VERIFIER.exec(verifier ?? "") ?? [];
  if (iterations === undefined || salt === undefined || storedKey === undefined) return false;
  const { stored } = deriveKeys(password, Buffer.from(salt, "base64"), Number(iterations));
  const expected = Buffer.from(storedKey, "base64");
  return stored.length === expected.length && timingSafeEqual(stored, expected);
}

/** A verifier that sets a password without sending it: neither a process list nor a log shows it. */
export function createVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const { stored, server } = deriveKeys(password, salt, ITERATIONS);
  const encoded = [salt, stored, server].map((bytes) => bytes.toString("base64"));
  return `SCRAM-SHA-256$${ITERATIONS}:${encoded[0]}$${encoded[1]}:${encoded[2]}`;
}

function deriveKeys(password: string, salt: Buffer, iterations: number): { stored: Buffer; server: Buffer } {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, KEY_BYTES, HASH);
  const key = (name: string): Buffer => createHmac(HASH, salted).update(name).digest();
  return { stored: createHash(HASH).update(key("Client Key")).digest(), server: key("Server Key") };
}
