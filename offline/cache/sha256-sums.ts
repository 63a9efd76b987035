import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const SUMS_FILE = "SHA256SUMS";

/** Sums by file name, from the text that `sha256sum` writes. Lines of another form are not sums and are passed over. */
export function parseSums(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm);
  return new Map([...lines].map(([, sum = "", file = ""]) => [file, sum]));
}

/** The text that `sha256sum --check` reads, sorted by file name. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  return [...sums]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([file, sum]) => `${sum}  ${file}\n`)
    .join("");
}

/** The sums recorded in a folder; none when it has no record. */
export async function readSums(folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    return parseSums(await readFile(join(folder, SUMS_FILE), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

/** Records the sum of one file of a folder. The record is replaced in one move, so that no reader sees half of it. */
export async function recordSum(folder: string, file: string, sum: string): Promise<void> {
  const sums = new Map(await readSums(folder)).set(file, sum);
  const draft = join(folder, `.${SUMS_FILE}-${process.pid}`);
  await writeFile(draft, formatSums(sums));
  await rename(draft, join(folder, SUMS_FILE));
}

/** SHA-256 of a file, in hex. */
export async function sumOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
