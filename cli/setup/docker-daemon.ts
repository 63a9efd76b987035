import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheHome } from "../../offline/cache/cache-folders.ts";

/** A daemon that was just started. */
export interface Daemon {
  /** Why it ended, with the remedy; undefined while it runs. */
  readonly failure: () => Promise<string | undefined>;
  /** Where its log is read. */
  readonly log: string;
}

const LAST_LINES = 12;

/** What dockerd says when the machine lacks something, and what helps. */
const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /iptables|ip_tables|nf_tables/i,
    "The kernel refuses its firewall rules: try the other variant (`update-alternatives --set iptables /usr/sbin/iptables-legacy`), or run on a kernel with netfilter.",
  ],
  [
    /cgroup/i,
    "The control groups are not mounted: `apt-get install cgroupfs-mount && cgroupfs-mount`, then run this again.",
  ],
  [
    /overlay|storage-driver|graphdriver/i,
    'The file system below /var/lib/docker cannot carry overlays: move it with "data-root" in /etc/docker/daemon.json.',
  ],
  [
    /pid file found|already running/i,
    "Another daemon is running and does not answer: stop it, then run this again.",
  ],
];

/** Starts dockerd on a machine without a service manager, in a session of its own: it outlives this process. */
export async function spawnDaemon(program = "dockerd", folder: string = cacheHome()): Promise<Daemon> {
  await mkdir(folder, { recursive: true });
  const log = join(folder, "dockerd.log");
  const pidFile = join(folder, "dockerd.pid");
  // A file from before a restart of the machine names a process that is another one now.
  await rm(pidFile, { force: true });
  const output = await open(log, "w");
  try {
    const daemon = spawn(program, ["--pidfile", pidFile], {
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
    });
    daemon.unref();
    await once(daemon, "spawn");
    const hasEnded = (): boolean => daemon.exitCode !== null || daemon.signalCode !== null;
    return { log, failure: async () => (hasEnded() ? explain(await readFile(log, "utf8")) : undefined) };
  } finally {
    await output.close();
  }
}

/** What a daemon that ended said last, and what to do about it. */
export function explain(log: string): string {
  const lines = log.trimEnd().split("\n").slice(-LAST_LINES);
  const last = lines.at(-1) ?? "";
  const known =
    REMEDIES.find(([pattern]) => pattern.test(last)) ?? REMEDIES.find(([pattern]) => pattern.test(log));
  const remedy = known?.[1] ?? "Correct what it says, then run this again.";
  return [
    `the Docker daemon ended at once. Its last lines:`,
    ...lines.map((line) => `    ${line}`),
    `  ${remedy}`,
  ].join("\n");
}
