import { UserError } from "../../components/core/errors.ts";
import type { ReportProgress } from "../../offline/progress.ts";
import { runProgram } from "../../offline/run-program.ts";
import { findProgram } from "./programs-on-path.ts";

/** A program that the set-up runs, and where it comes from. */
export interface SystemProgram {
  readonly program: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What it is needed for, as the end of a sentence. */
  readonly purpose: string;
}

/** Artifacts in the cache are compressed with it. */
export const XZ: SystemProgram = { program: "xz", packages: ["xz-utils"], purpose: "for the artifact cache" };

/** Makes the root file system of the base image. */
export const DEBOOTSTRAP: SystemProgram = {
  program: "debootstrap",
  packages: ["debootstrap"],
  purpose: "to make the base image",
};

/** The Docker Engine. */
export const DOCKER_DAEMON: SystemProgram = {
  program: "dockerd",
  packages: ["docker.io", "iptables"],
  purpose: "to run the platform",
};

/**
 * Installs the packages of a missing program with apt. Throws a UserError with the command to run where that is
 * not ours to do: another distribution, or not root.
 */
export async function ensureSystemProgram(wanted: SystemProgram, report: ReportProgress): Promise<void> {
  if ((await findProgram(wanted.program)) !== undefined) return;
  const install = `apt-get install ${wanted.packages.join(" ")}`;
  if ((await findProgram("apt-get")) === undefined) {
    throw new UserError(
      `\`${wanted.program}\` is needed ${wanted.purpose} and is not installed, and this host has no apt: install it by hand (on Debian it comes with \`${install}\`)`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new UserError(
      `\`${wanted.program}\` is needed ${wanted.purpose} and is not installed: run \`sudo ${install}\`, then this again`,
    );
  }
  report("reading package lists");
  await apt(["update"], report);
  await apt(["install", "--yes", ...wanted.packages], report);
}

async function apt(args: readonly string[], report: ReportProgress): Promise<void> {
  // The status lines say how far it is; the lock may be held by an unattended upgrade.
  const settings = ["-o", "APT::Status-Fd=1", "-o", "DPkg::Lock::Timeout=300"];
  const { failed, lastLines } = await runProgram("apt-get", [...settings, ...args], {
    environment: { DEBIAN_FRONTEND: "noninteractive" },
    onLine: (line) => {
      const status = parseAptStatus(line);
      if (status !== undefined) report(status);
    },
  });
  if (!failed) return;
  throw new UserError(
    `\`apt-get ${args.join(" ")}\` failed:\n${lastLines}\n  Correct what it says (the mirrors are in /etc/apt/sources.list.d), then run this again.`,
  );
}

/** `45 % Unpacking docker.io`, from a line that apt writes for programs. Undefined for any other line. */
export function parseAptStatus(line: string): string | undefined {
  const match = /^(?:dlstatus|pmstatus):[^:]*(?::[^:]*)??:(\d+)(?:\.\d+)?:(.*)$/.exec(line);
  return match === null ? undefined : `${match[1]} % ${match[2]}`;
}
