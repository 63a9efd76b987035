import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type DebianMirrors,
  findDebianMirrors,
  parseAptSources,
  reachabilitySettings,
} from "./apt-sources.ts";
import { addedCertificates } from "./certificates.ts";

/** What an image needs of the host to reach package registries from inside a build as the host itself does. */
export interface HostFacts {
  /** Undefined: debootstrap's own choice. */
  readonly mirrors: DebianMirrors | undefined;
  /** Lines of apt's configuration. */
  readonly aptSettings: string;
  /** Certificate authorities that the host trusts beyond those of its distribution, in PEM. */
  readonly certificates: readonly string[];
}

/** Bundles of trusted certificates: Debian's and Red Hat's; the environment may name more. */
const TRUSTED_BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
const BUNDLE_VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];

export async function readHostFacts(): Promise<HostFacts> {
  const bundles = [
    ...TRUSTED_BUNDLES,
    ...BUNDLE_VARIABLES.flatMap((variable) => process.env[variable] ?? []),
  ];
  const [sourceFiles, shippedFiles] = await Promise.all([
    filesIn("/etc/apt/sources.list.d"),
    filesIn("/usr/share/ca-certificates"),
  ]);
  const [sources, osRelease, aptSettings, trusted, shipped] = await Promise.all([
    readAll(["/etc/apt/sources.list", ...sourceFiles.filter((path) => /\.(list|sources)$/.test(path))]),
    readAll(["/etc/os-release"]),
    dumpAptConfiguration(),
    readAll([...new Set(bundles)]),
    readAll(shippedFiles),
  ]);
  const codename = /^VERSION_CODENAME="?(\w+)/m.exec(contents(osRelease).join())?.[1] ?? "";
  const aptSources = sources.flatMap(({ path, text }) => parseAptSources(path, text));
  return {
    mirrors: findDebianMirrors(aptSources, codename),
    aptSettings: reachabilitySettings(aptSettings),
    certificates: addedCertificates(contents(trusted), contents(shipped)),
  };
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

function contents(files: readonly TextFile[]): string[] {
  return files.map(({ text }) => text);
}

/** Paths of all files below a folder; none when it is not there. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(emptyWhenAbsent);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The files that are there. */
async function readAll(paths: readonly string[]): Promise<TextFile[]> {
  const read = paths.map((path) => readFile(path, "utf8").then((text) => [{ path, text }], emptyWhenAbsent));
  return (await Promise.all(read)).flat();
}

function emptyWhenAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}

/** Empty on a host without apt. */
async function dumpAptConfiguration(): Promise<string> {
  const dump = promisify(execFile)("apt-config", ["dump"]);
  return dump.then(({ stdout }) => stdout, emptyWhenAbsent).then(String);
}
