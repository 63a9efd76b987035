import type { Resource } from "../bridge/resource.ts";
import { boolean, output, string } from "../bridge/schema.ts";
import { type PropertyMap, textOf } from "../bridge/values.ts";
import { databaseExists } from "./existence.ts";
import { identifier } from "./quoting.ts";
import { type PostgresServer, stating } from "./server.ts";

interface ExtensionRow {
  readonly schema: string;
  readonly version: string;
}

const READ_EXTENSION = `
  SELECT n.nspname AS schema, e.extversion AS version
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = $1`;

/** `postgresql:index/extension:Extension`. */
export const extension: Resource<PostgresServer> = {
  type: "postgresql:index/extension:Extension",
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true, forceNew: true }),
    database: string({ computed: true, forceNew: true }),
    version: string({ computed: true }),
    schema: output(),
    createCascade: output(boolean(), false),
    dropCascade: output(boolean(), false),
  },

  async create(server, { planned }) {
    const name = textOf(planned, "name");
    const version = textOf(planned, "version");
    const database = textOf(planned, "database") || server.settings.database;
    const wanted = version === "" ? "" : ` VERSION ${identifier(version)}`;
    await server.session(database, (session) =>
      stating("Error creating extension", () =>
        session.execute(`CREATE EXTENSION IF NOT EXISTS ${identifier(name)}${wanted}`),
      ),
    );
    const outputs = await readOutputs(server, { ...planned, database });
    if (!outputs) throw new Error(`extension ${name} is gone right after it was created`);
    return { id: `${database}.${name}`, outputs };
  },

  async read(server, id, outputs) {
    const found = await readOutputs(server, outputs);
    return found && { id, outputs: found };
  },

  async update(server, { planned, changed }) {
    if (changed.has("version")) {
      const name = identifier(textOf(planned, "name"));
      await server.session(textOf(planned, "database"), (session) =>
        stating("Error updating extension version", () =>
          session.execute(`ALTER EXTENSION ${name} UPDATE TO ${identifier(textOf(planned, "version"))}`),
        ),
      );
    }
    return (await readOutputs(server, planned)) ?? planned;
  },

  async delete(server, { outputs }) {
    if (!(await readOutputs(server, outputs))) return;
    await server.session(textOf(outputs, "database"), (session) =>
      stating("Error deleting extension", () =>
        session.execute(`DROP EXTENSION ${identifier(textOf(outputs, "name"))} RESTRICT`),
      ),
    );
  },
};

async function readOutputs(server: PostgresServer, known: PropertyMap): Promise<PropertyMap | undefined> {
  const database = textOf(known, "database");
  if (!(await server.session("", (session) => databaseExists(session, database)))) return undefined;
  const [row] = await server.session(database, (session) =>
    stating("Error reading extension", () =>
      session.rows<ExtensionRow>(READ_EXTENSION, [textOf(known, "name")]),
    ),
  );
  return row && { ...known, schema: row.schema, version: row.version };
}
