import { type Size, toMegabytes } from "../core/units.ts";

export const PORT = 5432;

/** Where the images of version 17 and older keep the cluster. Version 18 moved it. */
export const DATA_PATH = "/var/lib/postgresql/data";

export interface PostgresConfig {
  /** Connections of all clients together. */
  readonly maxConnections: number;
  /** Memory limit of the container. */
  readonly memory: Size;
}

/** The server's command line. */
export function renderPostgresCommand(config: PostgresConfig): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    max_connections: String(config.maxConnections),
    // A quarter for the cache is PostgreSQL's own advice; the rest is for connections and the system's cache.
    shared_buffers: `${Math.floor(toMegabytes(config.memory) / 4)}MB`,
    password_encryption: "scram-sha-256",
    // A statement that fails is logged as it was sent, and one that makes a role contains its password.
    log_min_error_statement: "panic",
  };
  return ["postgres", ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}
