import type { Resource } from "../bridge/resource.ts";
import { boolean, output, set, string } from "../bridge/schema.ts";
import { flagOf, type PropertyMap, textOf, textsOf } from "../bridge/values.ts";
import { type PrivilegeTarget, targetExists } from "./existence.ts";
import { readPrivileges } from "./grant-reading.ts";
import { assertPrivileges } from "./privileges.ts";
import { grantee, identifier } from "./quoting.ts";
import { type PostgresServer, stating } from "./server.ts";

/**
 * `postgresql:index/grant:Grant`: exactly these privileges of a role on a database, a schema or everything
 * of one kind in a schema. No privileges for role `public` on a database is how CONNECT is taken from everybody.
 */
export const grant: Resource<PostgresServer> = {
  type: "postgresql:index/grant:Grant",
  deleteBeforeReplace: "always",
  schema: {
    role: string({ required: true, forceNew: true }),
    database: string({ required: true, forceNew: true }),
    schema: string({ forceNew: true }),
    objectType: string({ required: true, forceNew: true }),
    privileges: set(string(), { required: true }),
    withGrantOption: boolean({ default: false, forceNew: true }),
    columns: output(set(string()), null),
    objects: output(set(string()), null),
  },

  async create(server, { planned }) {
    await apply(server, planned);
    return { id: idOf(planned), outputs: await readOutputs(server, planned) };
  },

  async read(server, id, outputs) {
    if (!(await targetExists(server, targetOf(outputs)))) return undefined;
    return { id, outputs: await readOutputs(server, outputs) };
  },

  async update(server, { planned }) {
    await apply(server, planned);
    return readOutputs(server, planned);
  },

  async delete(server, { outputs }) {
    if (!(await targetExists(server, targetOf(outputs)))) return;
    await server.session(textOf(outputs, "database"), (session) =>
      stating("could not execute revoke query", () => session.execute(revokeStatement(outputs))),
    );
  },
};

/** Revoking first makes fewer privileges possible; one transaction, so that none is missing in between. */
async function apply(server: PostgresServer, planned: PropertyMap): Promise<void> {
  const privileges = textsOf(planned, "privileges");
  assertPrivileges(textOf(planned, "objectType"), privileges);
  await server.transaction(textOf(planned, "database"), async (session) => {
    await stating("could not execute revoke query", () => session.execute(revokeStatement(planned)));
    if (privileges.length === 0) return;
    await stating("could not execute grant query", () =>
      session.execute(grantStatement(planned, privileges)),
    );
  });
}

function revokeStatement(planned: PropertyMap): string {
  return `REVOKE ALL PRIVILEGES ON ${objectsOf(planned)} FROM ${grantee(textOf(planned, "role"))}`;
}

function grantStatement(planned: PropertyMap, privileges: readonly string[]): string {
  const option = flagOf(planned, "withGrantOption") ? " WITH GRANT OPTION" : "";
  return `GRANT ${privileges.join(", ")} ON ${objectsOf(planned)} TO ${grantee(textOf(planned, "role"))}${option}`;
}

function objectsOf(planned: PropertyMap): string {
  const schema = identifier(textOf(planned, "schema"));
  const objectType = textOf(planned, "objectType");
  switch (objectType) {
    case "database":
      return `DATABASE ${identifier(textOf(planned, "database"))}`;
    case "schema":
      return `SCHEMA ${schema}`;
    case "table":
    case "sequence":
    case "function":
      return `ALL ${objectType.toUpperCase()}S IN SCHEMA ${schema}`;
    default:
      throw new Error(`a grant on object type "${objectType}" is not known to the stand-in plugin`);
  }
}

function targetOf(outputs: PropertyMap): PrivilegeTarget {
  const schema = textOf(outputs, "objectType") === "database" ? "" : textOf(outputs, "schema");
  return { role: textOf(outputs, "role"), database: textOf(outputs, "database"), schema };
}

function idOf(planned: PropertyMap): string {
  const { role, database, schema } = targetOf(planned);
  return [role, database, ...(schema === "" ? [] : [schema]), textOf(planned, "objectType")].join("_");
}

async function readOutputs(server: PostgresServer, known: PropertyMap): Promise<PropertyMap> {
  const privileges = await server.session(textOf(known, "database"), (session) =>
    stating("could not read privileges", () => readPrivileges(session, known)),
  );
  return { ...known, privileges: privileges.length > 0 ? privileges : null };
}
