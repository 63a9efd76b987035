import { createHash } from "node:crypto";

/** The first 12 hex digits of the SHA-256 of a value's JSON form: short enough for a label or a tag. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
