import type * as pulumi from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";
import type { Environment } from "../../core/environment.ts";
import type { PostgresDatabase } from "../../core/handles.ts";
import type { StageConnections } from "./connections.ts";

/**
 * The pool of SQLAlchemy (`003-019`). With the overflow it is the 20 connections of one service (`000-098`), for which
 * the limit of the stage's user is made.
 */
const POOL = { DATABASE_POOL_SIZE: "10", DATABASE_MAX_OVERFLOW: "10" } as const;

/**
 * Every database that the stage's services may connect to: its own in parts and as URLs for `psycopg` and `asyncpg`
 * (`000-025` to `000-029`, `003-018`), its further ones (C-07), the shared one (C-13), and those it reads (C-14).
 */
export function postgresEnvironment(connections: StageConnections): Environment {
  const { database, sharedDatabase, extraDatabases, readDatabases } = connections;
  return {
    ...(database === undefined ? {} : ownDatabase(database)),
    ...merged(
      [...(extraDatabases ?? [])].map(([name, extra]) => extraDatabase(`${name.toUpperCase()}_`, extra)),
    ),
    ...(sharedDatabase === undefined ? {} : anyDatabase("SHARED_", sharedDatabase)),
    ...merged([...(readDatabases ?? [])].map(([stage, read]) => anyDatabase(`STAGE${stage}_`, read))),
  };
}

function ownDatabase(database: PostgresDatabase): Environment {
  return {
    ...anyDatabase("", database),
    ASYNC_DATABASE_URL: databaseUrl("postgresql+asyncpg", database),
    ...POOL,
  };
}

/** Host, port and user are those of the stage's own database. */
function extraDatabase(prefix: string, database: PostgresDatabase): Environment {
  return {
    [`${prefix}POSTGRES_DB`]: database.database,
    [`${prefix}DATABASE_URL`]: databaseUrl("postgresql", database),
  };
}

function anyDatabase(prefix: string, database: PostgresDatabase): Environment {
  return {
    [`${prefix}POSTGRES_HOST`]: database.host,
    [`${prefix}POSTGRES_PORT`]: String(database.port),
    [`${prefix}POSTGRES_DB`]: database.database,
    [`${prefix}POSTGRES_USER`]: database.user,
    [`${prefix}POSTGRES_PASSWORD`]: database.password,
    [`${prefix}DATABASE_URL`]: databaseUrl("postgresql", database),
  };
}

function databaseUrl(
  scheme: string,
  { host, port, database, user, password }: PostgresDatabase,
): pulumi.Output<string> {
  const encoded = password.apply(encodeURIComponent);
  return interpolate`${scheme}://${user}:${encoded}@${host}:${port}/${database}`;
}

function merged(environments: readonly Environment[]): Environment {
  return Object.fromEntries(environments.flatMap((environment) => Object.entries(environment)));
}
