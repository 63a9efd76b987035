import type { Resource } from "../bridge/resource.ts";
import { boolean, set, string } from "../bridge/schema.ts";
import { flagOf, type PropertyMap, textOf, textsOf } from "../bridge/values.ts";
import { targetExists } from "./existence.ts";
import { assertPrivileges, OBJECT_CODES } from "./privileges.ts";
import { grantee, identifier } from "./quoting.ts";
import { type PostgresServer, stating } from "./server.ts";

const READ_DEFAULTS = `
  SELECT DISTINCT acl.privilege_type AS privilege
  FROM pg_catalog.pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) acl
       LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
  WHERE d.defaclobjtype = $1::"char" AND COALESCE(n.nspname, '') = $2
    AND pg_get_userbyid(d.defaclrole) = $3
    AND acl.grantee = CASE WHEN lower($4) = 'public' THEN 0::oid
                           ELSE (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $4) END
  ORDER BY 1`;

/** `postgresql:index/defaultPrivileges:DefaultPrivileges`: privileges on what `owner` will create later. */
export const defaultPrivileges: Resource<PostgresServer> = {
  type: "postgresql:index/defaultPrivileges:DefaultPrivileges",
  deleteBeforeReplace: "never",
  schema: {
    role: string({ required: true, forceNew: true }),
    database: string({ required: true, forceNew: true }),
    owner: string({ required: true, forceNew: true }),
    schema: string({ forceNew: true }),
    objectType: string({ required: true, forceNew: true }),
    privileges: set(string(), { required: true }),
    withGrantOption: boolean({ default: false, forceNew: true }),
  },

  async create(server, { planned }) {
    await apply(server, planned);
    return { id: idOf(planned), outputs: planned };
  },

  async read(server, id, outputs) {
    const found = await readDefaults(server, outputs);
    const wanted = textsOf(outputs, "privileges");
    // None at all, where some were granted, is how the official plugin sees that they are gone.
    if (found === undefined || (found.length === 0 && wanted.length > 0)) return undefined;
    const isAsWanted = wanted.includes("ALL") || sameTexts(found, wanted);
    return { id, outputs: isAsWanted ? outputs : { ...outputs, privileges: [...found] } };
  },

  async update(server, { planned }) {
    await apply(server, planned);
    return planned;
  },

  async delete(server, { outputs }) {
    if ((await readDefaults(server, outputs)) === undefined) return;
    await server.session(textOf(outputs, "database"), (session) =>
      stating("could not revoke default privileges", () => session.execute(revokeStatement(outputs))),
    );
  },
};

async function apply(server: PostgresServer, planned: PropertyMap): Promise<void> {
  const privileges = textsOf(planned, "privileges");
  assertPrivileges(textOf(planned, "objectType"), privileges);
  await server.transaction(textOf(planned, "database"), async (session) => {
    await stating("could not revoke default privileges", () => session.execute(revokeStatement(planned)));
    if (privileges.length === 0) return;
    const option = flagOf(planned, "withGrantOption") ? " WITH GRANT OPTION" : "";
    const sql = `${alterStatement(planned)} GRANT ${privileges.join(", ")} ON ${objectsOf(planned)} TO ${grantee(textOf(planned, "role"))}${option}`;
    await stating("could not alter default privileges", () => session.execute(sql));
  });
}

function revokeStatement(planned: PropertyMap): string {
  return `${alterStatement(planned)} REVOKE ALL ON ${objectsOf(planned)} FROM ${grantee(textOf(planned, "role"))}`;
}

function alterStatement(planned: PropertyMap): string {
  const schema = textOf(planned, "schema");
  const where = schema === "" ? "" : ` IN SCHEMA ${identifier(schema)}`;
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(textOf(planned, "owner"))}${where}`;
}

function objectsOf(planned: PropertyMap): string {
  return `${textOf(planned, "objectType").toUpperCase()}S`;
}

function idOf(planned: PropertyMap): string {
  const parts = ["role", "database", "schema", "owner", "objectType"].map((key) => textOf(planned, key));
  return parts.map((part) => part || "noschema").join("_");
}

/** Undefined when the role, the owner, the database or the schema is gone. */
async function readDefaults(
  server: PostgresServer,
  known: PropertyMap,
): Promise<readonly string[] | undefined> {
  const [role, owner, database, schema] = ["role", "owner", "database", "schema"].map((key) =>
    textOf(known, key),
  );
  if (role === undefined || owner === undefined || database === undefined || schema === undefined)
    return undefined;
  if (!(await targetExists(server, { role, database, schema }))) return undefined;
  if (!(await targetExists(server, { role: owner, database, schema: "" }))) return undefined;
  const rows = await server.session(database, (session) =>
    stating("could not read default privileges", () =>
      session.rows<{ readonly privilege: string }>(READ_DEFAULTS, [
        OBJECT_CODES[textOf(known, "objectType")],
        schema,
        owner,
        role,
      ]),
    ),
  );
  return rows.map((row) => row.privilege);
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text) => right.includes(text));
}
