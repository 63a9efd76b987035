import type { Resource } from "../bridge/resource.ts";
import { block, boolean, output, set, string } from "../bridge/schema.ts";
import { canonical, flagOf, mapsOf, type PropertyMap, textOf } from "../bridge/values.ts";
import { databaseExists, schemaExists } from "./existence.ts";
import { grantee, identifier } from "./quoting.ts";
import { type PostgresServer, type Session, stating } from "./server.ts";

/** `postgresql:index/schema:Schema`: a schema inside a database, with who may use it. */
export const schema: Resource<PostgresServer> = {
  type: "postgresql:index/schema:Schema",
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true }),
    database: string({ computed: true, forceNew: true }),
    owner: string({ computed: true }),
    ifNotExists: boolean({ default: true }),
    policies: set(
      block({
        role: string({ default: "" }),
        usage: boolean({ default: false }),
        create: boolean({ default: false }),
        usageWithGrant: output(boolean(), false),
        createWithGrant: output(boolean(), false),
      }),
      { computed: true },
    ),
    dropCascade: output(boolean(), false),
  },

  async create(server, { planned }) {
    const name = textOf(planned, "name");
    const database = textOf(planned, "database") || server.settings.database;
    await server.transaction(database, async (session) => {
      await createOrAdopt(session, planned);
      await grantPolicies(session, name, mapsOf(planned, "policies"));
    });
    const known = { ...planned, database, policies: planned["policies"] ?? [] };
    const outputs = await readOutputs(server, known);
    if (!outputs) throw new Error(`schema ${name} is gone right after it was written`);
    return { id: `${database}.${name}`, outputs };
  },

  async read(server, id, outputs) {
    const found = await readOutputs(server, outputs);
    return found && { id, outputs: found };
  },

  async update(server, { old, planned, changed }) {
    const name = textOf(planned, "name");
    await server.transaction(textOf(planned, "database"), async (session) => {
      if (changed.has("name")) {
        await stating("Error updating schema NAME", () =>
          session.execute(`ALTER SCHEMA ${identifier(textOf(old, "name"))} RENAME TO ${identifier(name)}`),
        );
      }
      if (changed.has("owner")) await setOwner(session, name, textOf(planned, "owner"));
      if (changed.has("policies")) {
        await replacePolicies(session, name, mapsOf(old, "policies"), mapsOf(planned, "policies"));
      }
    });
    return (await readOutputs(server, planned)) ?? planned;
  },

  async delete(server, { outputs }) {
    const name = textOf(outputs, "name");
    if (!(await readOutputs(server, outputs))) return;
    await server.session(textOf(outputs, "database"), (session) =>
      stating("Error deleting schema", () => session.execute(`DROP SCHEMA ${identifier(name)} RESTRICT`)),
    );
  },
};

/** A schema that is there already is taken over; only its owner is set. */
async function createOrAdopt(session: Session, planned: PropertyMap): Promise<void> {
  const name = textOf(planned, "name");
  const owner = textOf(planned, "owner");
  if (await schemaExists(session, name)) {
    if (owner !== "") await setOwner(session, name, owner);
    return;
  }
  const guard = flagOf(planned, "ifNotExists") ? "IF NOT EXISTS " : "";
  const authorization = owner === "" ? "" : ` AUTHORIZATION ${identifier(owner)}`;
  await stating(`Error creating schema ${name}`, () =>
    session.execute(`CREATE SCHEMA ${guard}${identifier(name)}${authorization}`),
  );
}

function setOwner(session: Session, name: string, owner: string): Promise<void> {
  return stating("Error updating schema OWNER", () =>
    session.execute(`ALTER SCHEMA ${identifier(name)} OWNER TO ${identifier(owner)}`),
  );
}

async function replacePolicies(
  session: Session,
  name: string,
  before: readonly PropertyMap[],
  after: readonly PropertyMap[],
): Promise<void> {
  const kept = new Set(after.map(canonical));
  for (const policy of before.filter((old) => !kept.has(canonical(old)))) {
    await stating("Error updating schema DCL", () =>
      session.execute(`REVOKE ALL ON SCHEMA ${identifier(name)} FROM ${policyRole(policy)}`),
    );
  }
  await grantPolicies(session, name, after);
}

async function grantPolicies(
  session: Session,
  name: string,
  policies: readonly PropertyMap[],
): Promise<void> {
  for (const policy of policies) {
    const privileges = [
      ...(flagOf(policy, "create") ? ["CREATE"] : []),
      ...(flagOf(policy, "usage") ? ["USAGE"] : []),
    ];
    if (privileges.length === 0) continue;
    await stating("Error updating schema DCL", () =>
      session.execute(
        `GRANT ${privileges.join(", ")} ON SCHEMA ${identifier(name)} TO ${policyRole(policy)}`,
      ),
    );
  }
}

/** A policy without a role is for everybody. */
function policyRole(policy: PropertyMap): string {
  return grantee(textOf(policy, "role") || "public");
}

/** Policies are not read back, as with the official plugin. */
async function readOutputs(server: PostgresServer, known: PropertyMap): Promise<PropertyMap | undefined> {
  const name = textOf(known, "name");
  const database = textOf(known, "database");
  if (!(await server.session("", (session) => databaseExists(session, database)))) return undefined;
  const [row] = await server.session(database, (session) =>
    stating("Error reading schema", () =>
      session.rows<{ readonly owner: string }>(
        "SELECT pg_get_userbyid(nspowner) AS owner FROM pg_catalog.pg_namespace WHERE nspname = $1",
        [name],
      ),
    ),
  );
  return row && { ...known, id: `${database}.${name}`, owner: row.owner };
}
