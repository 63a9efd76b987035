import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** The packages that have a stand-in. */
export const STAND_INS = ["docker", "postgresql", "random"] as const;

const SOURCES = import.meta.dirname;
const REPOSITORY = join(SOURCES, "..", "..");

/**
 * Writes the stand-in plugins into `outDir` as executables `pulumi-resource-<name>`. With `outDir` on PATH the
 * Pulumi CLI uses them in place of the official ones. Nothing is done when they are there already, made from
 * the same sources by the same Node.
 */
export async function buildProviders(outDir: string): Promise<void> {
  const stampFile = join(outDir, "sources.sha256");
  const stamp = await sourceHash();
  if ((await readFile(stampFile, "utf8").catch(() => "")) === stamp) return;
  await mkdir(outDir, { recursive: true });
  await rm(join(outDir, "compile-cache"), { recursive: true, force: true });
  await Promise.all(STAND_INS.map((name) => buildProvider(name, outDir)));
  await writeFile(stampFile, stamp);
}

/** One file per plugin, so that starting it opens one file and not a thousand. */
async function buildProvider(name: string, outDir: string): Promise<void> {
  const bundle = join(outDir, `${name}-stand-in.cjs`);
  await build({
    entryPoints: [join(SOURCES, name, "main.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    keepNames: true,
    // Optional native parts of ssh2 and pg, which both do without.
    external: ["cpu-features", "pg-native", "*.node"],
    logLevel: "silent",
  });
  const executable = join(outDir, `pulumi-resource-${name}`);
  await writeFile(executable, launcher(bundle, join(outDir, "compile-cache")));
  await chmod(executable, 0o755);
}

/** `exec` makes the plugin a direct child of the CLI, which is how it notices that the CLI is gone. */
function launcher(bundle: string, compileCache: string): string {
  return [
    "#!/bin/sh",
    `node=${shellQuoted(process.execPath)}`,
    '[ -x "$node" ] || node=node',
    `export NODE_COMPILE_CACHE=${shellQuoted(compileCache)}`,
    `exec "$node" ${shellQuoted(bundle)} "$@"`,
    "",
  ].join("\n");
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Of everything that decides what the plugins are: their sources, the libraries' versions and Node. */
async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(`${process.execPath} ${process.version}\n`);
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of [...files.sort(), join(REPOSITORY, "package-lock.json")]) {
    hash.update(`${file}\n`).update(await readFile(file));
  }
  return hash.digest("hex");
}
