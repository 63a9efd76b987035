import type { Resource, UpdateRequest } from "../bridge/resource.ts";
import { boolean, integer, output, string } from "../bridge/schema.ts";
import { flagOf, numberOf, type PropertyMap, textOf } from "../bridge/values.ts";
import { databaseExists } from "./existence.ts";
import { identifier, literal } from "./quoting.ts";
import { type PostgresServer, stating } from "./server.ts";

interface DatabaseRow {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly tablespace: string;
  readonly connlimit: number;
  readonly allowconn: boolean;
  readonly istemplate: boolean;
}

const READ_DATABASE = `
  SELECT d.datname AS name, pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
         d.datcollate AS collate, d.datctype AS ctype, t.spcname AS tablespace, d.datconnlimit AS connlimit,
         d.datallowconn AS allowconn, d.datistemplate AS istemplate
  FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
  WHERE d.datname = $1`;

/** `postgresql:index/database:Database`: `encoding` and `template` replace it, and so drop the data. */
export const database: Resource<PostgresServer> = {
  type: "postgresql:index/database:Database",
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true }),
    owner: string({ computed: true }),
    connectionLimit: integer({ default: -1 }),
    allowConnections: boolean({ default: true }),
    encoding: string({ computed: true, forceNew: true }),
    template: string({ computed: true, forceNew: true }),
    alterObjectOwnership: output(boolean(), false),
    isTemplate: output(boolean()),
    lcCollate: output(),
    lcCtype: output(),
    tablespaceName: output(),
  },

  async create(server, { planned }) {
    const name = textOf(planned, "name");
    const owner = textOf(planned, "owner") || server.settings.username;
    const options = [
      `OWNER ${identifier(owner)}`,
      `TEMPLATE ${keywordOr(identifier, textOf(planned, "template") || "template0")}`,
      `ENCODING ${keywordOr(literal, textOf(planned, "encoding") || "UTF8")}`,
      `ALLOW_CONNECTIONS ${flagOf(planned, "allowConnections")}`,
      `CONNECTION LIMIT ${numberOf(planned, "connectionLimit")}`,
    ];
    await server.session("", (session) =>
      stating(`Error creating database ${JSON.stringify(name)}`, () =>
        session.execute(`CREATE DATABASE ${identifier(name)} ${options.join(" ")}`),
      ),
    );
    return { id: name, outputs: await readAfterChange(server, planned) };
  },

  async read(server, id, outputs) {
    const row = await readRow(server, textOf(outputs, "name") || id);
    return row && { id, outputs: outputsOf(row, outputs) };
  },

  async update(server, request) {
    for (const [failure, sql] of alterations(request)) {
      await server.session("", (session) => stating(failure, () => session.execute(sql)));
    }
    return readAfterChange(server, request.planned);
  },

  async delete(server, { outputs }) {
    const name = textOf(outputs, "name");
    await server.session("", async (session) => {
      if (!(await databaseExists(session, name))) return;
      await stating("Error dropping database", () =>
        session.execute(`DROP DATABASE ${identifier(name)} WITH (FORCE)`),
      );
    });
  },
};

function keywordOr(quote: (text: string) => string, value: string): string {
  return value.toUpperCase() === "DEFAULT" ? "DEFAULT" : quote(value);
}

/** One statement per property, the new name first: the others already use it. */
function alterations({ old, planned, changed }: UpdateRequest): readonly (readonly [string, string])[] {
  const name = identifier(textOf(planned, "name"));
  const formerName = identifier(textOf(old, "name"));
  const all: Readonly<Record<string, readonly [string, string]>> = {
    name: ["Error updating database name", `ALTER DATABASE ${formerName} RENAME TO ${name}`],
    owner: [
      "Error updating database OWNER",
      `ALTER DATABASE ${name} OWNER TO ${identifier(textOf(planned, "owner"))}`,
    ],
    connectionLimit: [
      "Error updating database CONNECTION LIMIT",
      `ALTER DATABASE ${name} CONNECTION LIMIT = ${numberOf(planned, "connectionLimit")}`,
    ],
    allowConnections: [
      "Error updating database ALLOW_CONNECTIONS",
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${flagOf(planned, "allowConnections")}`,
    ],
  };
  return Object.entries(all).flatMap(([property, alteration]) => (changed.has(property) ? [alteration] : []));
}

async function readRow(server: PostgresServer, name: string): Promise<DatabaseRow | undefined> {
  const rows = await server.session("", (session) =>
    stating("Error reading database", () => session.rows<DatabaseRow>(READ_DATABASE, [name])),
  );
  return rows[0];
}

async function readAfterChange(server: PostgresServer, planned: PropertyMap): Promise<PropertyMap> {
  const row = await readRow(server, textOf(planned, "name"));
  if (!row) throw new Error(`database ${textOf(planned, "name")} is gone right after it was written`);
  return outputsOf(row, planned);
}

function outputsOf(row: DatabaseRow, known: PropertyMap): PropertyMap {
  return {
    ...known,
    id: row.name,
    name: row.name,
    owner: row.owner,
    encoding: row.encoding,
    lcCollate: row.collate,
    lcCtype: row.ctype,
    tablespaceName: row.tablespace,
    connectionLimit: row.connlimit,
    allowConnections: row.allowconn,
    isTemplate: row.istemplate,
    // The server does not keep from what it copied a database.
    template: textOf(known, "template") || "template0",
  };
}
