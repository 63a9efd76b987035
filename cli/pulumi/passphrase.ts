import { createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { access, link, mkdir, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** How Pulumi derives a key from a passphrase. */
const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/**
 * Makes the passphrase on the first run. It is linked into place when it is complete, so that a run killed at
 * this moment leaves either none or a whole one.
 */
export async function ensurePassphrase(file: string): Promise<void> {
  if (await exists(file)) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await unlink(draft);
  }
}

/** Whether what was encrypted under a salt, as Pulumi writes it into a stack's file, can be read with a passphrase. */
export function opensSalt(passphrase: string, salt: string): boolean {
  const [, random = "", , nonce = "", sealed = ""] = salt.split(":");
  const bytes = Buffer.from(sealed, "base64");
  try {
    const key = pbkdf2Sync(passphrase, Buffer.from(random, "base64"), ITERATIONS, KEY_BYTES, "sha256");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    decipher.update(bytes.subarray(0, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
