import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../components/core/errors.ts";
import type { ReportProgress } from "../progress.ts";
import { runProgram } from "../run-program.ts";
import { type DebianMirrors, findDebianMirrors, parseAptSources, sourcesList } from "./apt-sources.ts";
import { imageFolder } from "./context-hash.ts";
import type { HostFacts } from "./host-facts.ts";

const SUITE = "trixie";

/** What apt can fetch again, and what makes an image "slim". */
const NOT_IN_THE_IMAGE = [
  "./var/cache/apt/archives/*.deb",
  "./var/cache/apt/*.bin",
  "./var/lib/apt/lists/*",
  "./var/log/*.log",
  "./usr/share/doc/*/changelog*",
  "./usr/share/man/*",
  "./usr/share/info/*",
  "./usr/share/locale/*/LC_MESSAGES",
];

/** Makes the build context of the base image: a root file system of Debian, and what it takes over from the host. */
export async function makeDebianContext(
  context: string,
  host: HostFacts,
  report: ReportProgress,
): Promise<void> {
  await cp(imageFolder("debian"), context, { recursive: true });
  const root = join(context, "root");
  await debootstrap(root, host, report);
  await writeHostFiles(join(context, "host"), root, host);
  report("packing the root file system");
  const excluded = NOT_IN_THE_IMAGE.map((pattern) => `--exclude=${pattern}`);
  await execa("tar", [...excluded, "--numeric-owner", "-C", root, "-cf", join(context, "rootfs.tar"), "."]);
  await rm(root, { recursive: true });
}

async function debootstrap(root: string, host: HostFacts, report: ReportProgress): Promise<void> {
  const mirror = host.mirrors === undefined ? [] : [host.mirrors.packages];
  const args = ["--variant=minbase", "--include=ca-certificates", SUITE, root, ...mirror];
  const onLine = (line: string): void => report(line.replace(/^I: /, ""));
  const { failed, lastLines } = await runProgram("debootstrap", args, { onLine });
  if (!failed) return;
  throw new UserError(
    `debootstrap could not make the base image:\n${lastLines}\n  It needs root and a Debian mirror: check that \`apt-get update\` works on this host.`,
  );
}

/** Files of the image that make builds inside it reach package registries as the host does. */
async function writeHostFiles(folder: string, root: string, host: HostFacts): Promise<void> {
  const mirrors = host.mirrors ?? (await bootstrapMirrors(root));
  const files = new Map([
    ["etc/apt/sources.list", sourcesList(mirrors, SUITE)],
    ["etc/apt/apt.conf.d/60-host", host.aptSettings],
    ...host.certificates.map((certificate, index): [string, string] => [
      `usr/local/share/ca-certificates/host-${index + 1}.crt`,
      `${certificate}\n`,
    ]),
  ]);
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Where debootstrap took Debian from when the host did not say. */
async function bootstrapMirrors(root: string): Promise<DebianMirrors> {
  const sources = parseAptSources("sources.list", await readFile(join(root, "etc/apt/sources.list"), "utf8"));
  const mirrors = findDebianMirrors(sources, SUITE);
  if (mirrors === undefined)
    throw new Error("debootstrap left no mirror in the sources.list of the base image");
  return mirrors;
}
