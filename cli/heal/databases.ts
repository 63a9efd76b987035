import { DATABASE_LABEL } from "../../components/postgres/init-sql.config.ts";
import {
  type Properties,
  resourcesOfType,
  type StackState,
  type StateResource,
  TYPES,
} from "../pulumi/state.ts";
import type { Drift } from "./drift.ts";

/** Databases and roles as the server has them, by name, with the property names of the Pulumi provider. */
export interface ServerFacts {
  readonly databases: Readonly<Record<string, Properties>>;
  readonly roles: Readonly<Record<string, Properties>>;
  /** What the server keeps of the roles' passwords. */
  readonly passwords: Readonly<Record<string, string | null>>;
}

/** One question for everything that can drift, answered as one line of JSON. */
export const SERVER_FACTS_QUERY = `
select json_build_object(
  'databases', (select json_object_agg(datname, json_build_object(
    'owner', pg_get_userbyid(datdba),
    'connectionLimit', datconnlimit,
    'allowConnections', datallowconn,
    'isTemplate', datistemplate)) from pg_database),
  'roles', (select json_object_agg(rolname, json_build_object(
    'login', rolcanlogin,
    'connectionLimit', rolconnlimit,
    'superuser', rolsuper,
    'createDatabase', rolcreatedb,
    'createRole', rolcreaterole,
    'inherit', rolinherit,
    'replication', rolreplication,
    'bypassRowLevelSecurity', rolbypassrls,
    'roles', (select coalesce(json_agg(distinct pg_get_userbyid(roleid)), '[]')
      from pg_auth_members where member = pg_roles.oid),
    'idleInTransactionSessionTimeout', coalesce((select substring(setting from
      '^idle_in_transaction_session_timeout=([0-9]+)$')::int from unnest(rolconfig) setting
      where setting like 'idle_in_transaction_session_timeout=%'), 0))) from pg_roles),
  'passwords', (select json_object_agg(rolname, rolpassword) from pg_authid))`.replaceAll(/\s+/g, " ");

/** Databases and roles that were dropped or altered behind Pulumi's back. */
export function findDatabaseDrift(state: StackState, server: ServerFacts): Drift[] {
  return [
    ...resourcesOfType(state, TYPES.database).flatMap((database) => compareDatabase(database, state, server)),
    ...resourcesOfType(state, TYPES.role).flatMap((role) => compareRole(role, server)),
  ];
}

function compareDatabase(database: StateResource, state: StackState, { databases }: ServerFacts): Drift[] {
  const name = nameOf(database);
  const found = databases[name];
  if (found === undefined) {
    return [{ kind: "database-missing", urn: database.urn, name, contents: contentsOf(name, state) }];
  }
  const changes = differences(database.outputs ?? {}, found);
  return changes.length === 0 ? [] : [{ kind: "database-altered", urn: database.urn, name, changes }];
}

function compareRole(role: StateResource, { roles }: ServerFacts): Drift[] {
  const name = nameOf(role);
  const found = roles[name];
  if (found === undefined) return [{ kind: "role-missing", urn: role.urn, name }];
  const changes = differences(role.outputs ?? {}, found);
  return changes.length === 0 ? [] : [{ kind: "role-altered", urn: role.urn, name, changes }];
}

/** What the server says otherwise. A property that the state does not have is not compared. */
function differences(expected: Properties, found: Properties): string[] {
  return Object.entries(found)
    .filter(
      ([key, value]) =>
        expected[key] !== undefined && expected[key] !== null && !isSame(expected[key], value),
    )
    .map(([key, value]) => `${key} ${shown(value)} instead of ${shown(expected[key])}`);
}

/** Lists are those of the roles that a role belongs to, in any order. */
function isSame(expected: unknown, found: unknown): boolean {
  return shown(expected) === shown(found);
}

function shown(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const names = value.map(String).toSorted((a, b) => (a < b ? -1 : 1));
  return names.join(", ") || "nothing";
}

/** Grants, schemas and extensions of a database, and the container that ran SQL in it. */
function contentsOf(database: string, state: StackState): string[] {
  return state.resources
    .filter(({ type, inputs, outputs }) =>
      type.startsWith("postgresql:") ? outputs?.["database"] === database : initializes(inputs, database),
    )
    .map(({ urn }) => urn);
}

function initializes(inputs: Properties | undefined, database: string): boolean {
  const labels = (inputs?.["labels"] ?? []) as readonly {
    readonly label?: string;
    readonly value?: string;
  }[];
  return (
    Array.isArray(labels) && labels.some(({ label, value }) => label === DATABASE_LABEL && value === database)
  );
}

function nameOf({ outputs, inputs }: StateResource): string {
  return String(outputs?.["name"] ?? inputs?.["name"]);
}
