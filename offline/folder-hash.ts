import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

/** Hash of the names, execute bits and contents of all files below a folder. */
export async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const parts = paths.sort().map(async (path) => {
    const [{ mode }, content] = await Promise.all([stat(path), readFile(path)]);
    return [relative(folder, path), (mode & 0o111) === 0 ? "" : "executable", content];
  });
  return hashParts((await Promise.all(parts)).flat());
}

/** Hash of a list in which every part is told from its neighbour. */
export function hashParts(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}
