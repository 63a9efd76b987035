import type { PostgresServer, Session } from "./server.ts";

export function databaseExists(session: Session, name: string): Promise<boolean> {
  return isThere(session, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", name);
}

export function schemaExists(session: Session, name: string): Promise<boolean> {
  return isThere(session, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", name);
}

/** The pseudo role `public` always exists. */
async function roleExists(session: Session, name: string): Promise<boolean> {
  if (name.toLowerCase() === "public") return true;
  return isThere(session, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", name);
}

async function isThere(session: Session, sql: string, name: string): Promise<boolean> {
  return (await session.rows(sql, [name])).length > 0;
}

/** What a privilege hangs on: gone when its role, database or schema is gone. */
export interface PrivilegeTarget {
  readonly role: string;
  readonly database: string;
  readonly schema: string;
}

export async function targetExists(server: PostgresServer, target: PrivilegeTarget): Promise<boolean> {
  const isReachable = await server.session(
    "",
    async (session) =>
      (await roleExists(session, target.role)) && (await databaseExists(session, target.database)),
  );
  if (!isReachable || target.schema === "") return isReachable;
  return server.session(target.database, (session) => schemaExists(session, target.schema));
}
