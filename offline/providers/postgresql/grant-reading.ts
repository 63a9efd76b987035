import { type PropertyMap, textOf, textsOf } from "../bridge/values.ts";
import { OBJECT_CODES } from "./privileges.ts";
import type { Session } from "./server.ts";

/** Role 0 in an access list is PUBLIC. */
const ROLE_ID =
  "CASE WHEN lower($1) = 'public' THEN 0::oid ELSE (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1) END";

const ON_DATABASE = `
  SELECT DISTINCT privilege_type AS privilege
  FROM pg_catalog.pg_database, aclexplode(datacl)
  WHERE datname = $2 AND grantee = ${ROLE_ID} ORDER BY 1`;

const ON_SCHEMA = `
  SELECT DISTINCT privilege_type AS privilege
  FROM pg_catalog.pg_namespace, aclexplode(nspacl)
  WHERE nspname = $2 AND grantee = ${ROLE_ID} ORDER BY 1`;

const ON_FUNCTIONS = `
  SELECT p.oid::text AS object,
         ARRAY(SELECT DISTINCT privilege_type FROM aclexplode(p.proacl)
               WHERE grantee = ${ROLE_ID} ORDER BY 1) AS privileges
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = $2`;

const ON_RELATIONS = `
  SELECT c.oid::text AS object,
         ARRAY(SELECT DISTINCT privilege_type FROM aclexplode(c.relacl)
               WHERE grantee = ${ROLE_ID} ORDER BY 1) AS privileges
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $2 AND c.relkind = ANY($3::"char"[])`;

interface ObjectRow {
  readonly object: string;
  readonly privileges: readonly string[];
}

/**
 * The privileges as found. For all objects of a kind in a schema: those that were granted as long as every
 * object has them, and none as soon as one differs, so that the next `up` grants them all again.
 */
export async function readPrivileges(session: Session, known: PropertyMap): Promise<readonly string[]> {
  const role = textOf(known, "role");
  const objectType = textOf(known, "objectType");
  const granted = textsOf(known, "privileges");
  if (objectType === "database")
    return single(session, ON_DATABASE, role, textOf(known, "database"), granted);
  if (objectType === "schema") return single(session, ON_SCHEMA, role, textOf(known, "schema"), granted);
  const objects = await objectRows(session, objectType, role, textOf(known, "schema"));
  return objects.every((object) => isAsGranted(object.privileges, granted)) ? granted : [];
}

async function single(
  session: Session,
  sql: string,
  role: string,
  name: string,
  granted: readonly string[],
): Promise<readonly string[]> {
  const rows = await session.rows<{ readonly privilege: string }>(sql, [role, name]);
  const found = rows.map((row) => row.privilege);
  return isAsGranted(found, granted) ? granted : found;
}

function objectRows(
  session: Session,
  objectType: string,
  role: string,
  schema: string,
): Promise<readonly ObjectRow[]> {
  if (objectType === "function") return session.rows<ObjectRow>(ON_FUNCTIONS, [role, schema]);
  // "All tables" covers views, partitioned and foreign tables too.
  const kinds = objectType === "table" ? ["r", "v", "m", "p", "f"] : [OBJECT_CODES[objectType]];
  return session.rows<ObjectRow>(ON_RELATIONS, [role, schema, kinds]);
}

/** ALL stands for whatever the server lists for it. */
function isAsGranted(found: readonly string[], granted: readonly string[]): boolean {
  if (granted.includes("ALL")) return found.length > 0;
  return found.length === granted.length && granted.every((privilege) => found.includes(privilege));
}
