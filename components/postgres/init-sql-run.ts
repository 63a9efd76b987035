import type * as pulumi from "@pulumi/pulumi";
import type { InitSql, PostgresDatabase } from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import type { ResourceLimits } from "../core/managed-container.ts";
import { OneShot } from "../core/one-shot.ts";
import { DATABASE_LABEL, INIT_SQL_PATH, renderInitSql } from "./init-sql.config.ts";
import type { ServerContext } from "./server-context.ts";

export interface InitSqlRunArgs extends InitSql {
  readonly server: ServerContext;
  /** Database and the user by whom the scripts run. */
  readonly database: PostgresDatabase;
}

const LIMITS: ResourceLimits = { cpus: 0.5, memory: "128 MB" };

/** Applies the scripts that the database has not seen, in a container of its own that ends. */
export class InitSqlRun extends OneShot {
  public constructor(name: string, args: InitSqlRunArgs, opts: pulumi.CustomResourceOptions) {
    const { host, port, database, user, password, ready } = args.database;
    super(
      name,
      {
        containerName: args.containerName,
        image: args.server.image,
        networks: [{ name: args.server.network.name }],
        labels: { ...args.labels, [DATABASE_LABEL]: database },
        user: { name: "postgres" },
        rootFilesystem: { writable: UPLOADED_FILES },
        // Results of queries are nobody's business in a log.
        command: ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"].concat(
          ["--output", "/dev/null"],
          ["--file", `${INIT_SQL_PATH}/apply.sql`],
        ),
        environment: {
          PGHOST: host,
          PGPORT: String(port),
          PGDATABASE: database,
          PGUSER: user,
          PGPASSWORD: password,
          PGCONNECT_TIMEOUT: "30",
          PGOPTIONS: "--client-min-messages=warning",
          PGAPPNAME: args.containerName,
        },
        files: [
          { path: `${INIT_SQL_PATH}/apply.sql`, content: renderInitSql(args.scripts) },
          ...args.scripts.map(({ name: file, text }) => ({
            path: `${INIT_SQL_PATH}/${file}`,
            content: text,
          })),
        ],
        limits: LIMITS,
      },
      { ...opts, dependsOn: [...args.server.network.ready, ...ready] },
    );
  }
}
