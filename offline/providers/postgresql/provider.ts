import type { Provider } from "../bridge/provider.ts";
import { boolean, integer, string } from "../bridge/schema.ts";
import { database } from "./database.ts";
import { defaultPrivileges } from "./default-privileges.ts";
import { extension } from "./extension.ts";
import { grant } from "./grant.ts";
import { role } from "./role.ts";
import { schema } from "./schema.ts";
import { connectPostgres, type PostgresServer } from "./server.ts";

/** Stands in for the official postgresql plugin 3.18.1, for a user that is a superuser. */
export const postgresqlProvider: Provider<PostgresServer> = {
  name: "postgresql",
  version: "3.18.1",
  config: {
    host: string(),
    port: integer(),
    username: string(),
    password: string(),
    sslmode: string(),
    database: string(),
    superuser: boolean(),
    connectTimeout: integer(),
  },
  style: { emptyDefaults: false, emptyListIsNull: true },
  detailedDiff: true,
  resources: [role, database, schema, extension, grant, defaultPrivileges],
  connect: connectPostgres,
};
