import { type Size, toMegabytes } from "../core/units.ts";

export const PORT = 6379;

/** Folder of the append-only file, the one that the official images declare as a volume. */
export const DATA_PATH = "/data";

export const CONFIG_PATH = "/usr/local/etc/redis/redis.conf";

/** Part of the container's memory that data may fill. A rewrite of the append-only file copies what changes meanwhile. */
const DATA_SHARE = 0.6;

export interface RedisConfig {
  /** Number of databases. A client that asks for a higher one silently lands in database 0 (C-29). */
  readonly databases: number;
  /** Memory limit of the container. */
  readonly memory: Size;
}

/** The server's configuration file. Losing a task or an event is losing work: everything is written down, nothing is evicted. */
export function renderRedisConfig(config: RedisConfig): string {
  const directives: Readonly<Record<string, string>> = {
    port: String(PORT),
    // Who may connect is decided by the container's network.
    "protected-mode": "no",
    databases: String(config.databases),
    dir: DATA_PATH,
    appendonly: "yes",
    appendfsync: "everysec",
    // The append-only file is enough; snapshots would fork a second time.
    save: '""',
    maxmemory: `${Math.floor(toMegabytes(config.memory) * DATA_SHARE)}mb`,
    // A full server answers with an error that a client sees; an evicted stream is gone in silence (C-32).
    "maxmemory-policy": "noeviction",
  };
  return `${Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("\n")}\n`;
}
