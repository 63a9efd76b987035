import type Docker from "dockerode";
import { type ExecResult, execInContainer } from "./engine.ts";
import type { ContainerFacts } from "./inventory.ts";

/** Logical name of the database server's container, whatever it is called on the host. */
export const DATABASE_SERVER = "postgres-server";

/** A statement that the server refused or could not be asked. */
class PostgresError extends Error {
  public override readonly name = "PostgresError";
}

/**
 * Asks the server through its own container as its administrator: over the socket no password is needed, so that
 * none has to be decrypted. Returns the rows as psql prints them unaligned.
 */
export async function queryPostgres(
  docker: Docker,
  container: ContainerFacts,
  sql: string,
  database = "postgres",
): Promise<string> {
  const result = await psql(docker, container, sql, database);
  if (result.exitCode !== 0) throw new PostgresError(result.output.trim());
  return result.output.trim();
}

async function psql(
  docker: Docker,
  container: ContainerFacts,
  sql: string,
  database: string,
): Promise<ExecResult> {
  const command = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"];
  return execInContainer(docker, container.id, [
    ...command,
    "--username",
    administrator(container),
    "--dbname",
    database,
    "--command",
    sql,
  ]);
}

function administrator({ environment }: ContainerFacts): string {
  return (
    environment.find((entry) => entry.startsWith("POSTGRES_USER="))?.slice("POSTGRES_USER=".length) ??
    "postgres"
  );
}

/** An SQL identifier, quoted. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
