import type Docker from "dockerode";
import { OWNER_LABELS } from "../../components/core/owner-labels.ts";
import type { Inventory } from "../docker/inventory.ts";
import { DATABASE_SERVER, queryPostgres } from "../docker/postgres.ts";

/**
 * Ends the sessions of roles that were opened before a moment: PostgreSQL asks for a password when a session begins and never
 * again, so whoever has the old one would stay. Returns how many there were.
 */
export async function endSessions(
  docker: Docker,
  { containers }: Inventory,
  roles: readonly string[],
  before: Date,
): Promise<number> {
  const server = containers.find(({ labels }) => labels[OWNER_LABELS.resource] === DATABASE_SERVER);
  if (server === undefined || roles.length === 0) return 0;
  const names = roles.map((role) => `'${role.replaceAll("'", "''")}'`).join(", ");
  const ended = await queryPostgres(
    docker,
    server,
    `select count(pg_terminate_backend(pid)) from pg_stat_activity where usename in (${names}) and backend_start < '${before.toISOString()}'`,
  );
  return Number(ended);
}
