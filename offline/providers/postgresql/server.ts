import type { Client, QueryResultRow } from "pg";
import { messageOf } from "../bridge/errors.ts";
import { numberOf, type PropertyMap, textOf } from "../bridge/values.ts";

/** Where the server is and who connects; nothing is opened before it is used. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly sslmode: string;
  readonly database: string;
  /** Seconds. */
  readonly connectTimeout: number;
}

/** One open session in one database. */
export interface Session {
  readonly execute: (sql: string) => Promise<void>;
  readonly rows: <Row extends QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>;
}

/**
 * A PostgreSQL server. Work is done one piece after the other: statements that touch the same catalogue rows
 * at the same time fail with "tuple concurrently updated".
 */
export class PostgresServer {
  public readonly settings: ServerSettings;
  #queue: Promise<unknown> = Promise.resolve();

  public constructor(settings: ServerSettings) {
    this.settings = settings;
  }

  /** Runs `work` in a session of its own, in the given database or the provider's. */
  public session<Result>(database: string, work: (session: Session) => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(() => this.#open(database || this.settings.database, work));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** As `session`, all or nothing. */
  public transaction<Result>(database: string, work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.session(database, async (session) => {
      await session.execute("BEGIN");
      try {
        const result = await work(session);
        await session.execute("COMMIT");
        return result;
      } catch (error) {
        await session.execute("ROLLBACK");
        throw error;
      }
    });
  }

  async #open<Result>(database: string, work: (session: Session) => Promise<Result>): Promise<Result> {
    const { default: postgres } = await import("pg");
    const { host, port, username, password, sslmode, connectTimeout } = this.settings;
    const client = new postgres.Client({
      host,
      port,
      user: username,
      password,
      database,
      ssl: sslmode === "disable" ? false : { rejectUnauthorized: sslmode.startsWith("verify") },
      connectionTimeoutMillis: connectTimeout * 1000,
    });
    // Without a listener a connection that breaks would end the whole plugin.
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch (error) {
      const reason = messageOf(error);
      throw new Error(
        `error connecting to PostgreSQL server ${host} (port ${port}, database ${database}): ${reason}`,
        {
          cause: error,
        },
      );
    }
    try {
      return await work(sessionOf(client));
    } finally {
      await client.end();
    }
  }
}

function sessionOf(client: Client): Session {
  return {
    execute: async (sql) => {
      await client.query(sql);
    },
    rows: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows,
  };
}

export function connectPostgres(config: PropertyMap): PostgresServer {
  return new PostgresServer({
    host: textOf(config, "host") || "localhost",
    port: numberOf(config, "port") || 5432,
    username: textOf(config, "username") || "postgres",
    password: textOf(config, "password"),
    sslmode: textOf(config, "sslmode") || "require",
    database: textOf(config, "database") || "postgres",
    connectTimeout: numberOf(config, "connectTimeout") || 180,
  });
}

/** Runs a statement; a failure says what was being done. */
export async function stating<Result>(failure: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new Error(`${failure}: pq: ${messageOf(error)}`, { cause: error });
  }
}
