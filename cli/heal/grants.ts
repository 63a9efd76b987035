import { type StackState, type StateResource, TYPES } from "../pulumi/state.ts";
import type { Drift } from "./drift.ts";

/** Whether each grant is as the state says, by URN. */
export type GrantFacts = Readonly<Record<string, boolean>>;

/** A grant or a default privilege, as the state stores it. */
interface GrantOutputs {
  readonly database: string;
  readonly role: string;
  readonly objectType: string;
  readonly schema?: string;
  /** Of default privileges: whose objects. */
  readonly owner?: string;
  readonly privileges?: readonly string[] | null;
}

/** What ALL stands for, as far as every supported version of PostgreSQL has it. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
};

const RELATION_KINDS: Readonly<Record<string, readonly string[]>> = {
  table: ["r", "v", "m", "p", "f"],
  sequence: ["S"],
};

const DEFAULT_KINDS: Readonly<Record<string, string>> = { table: "r", sequence: "S" };

/** One question for each database with grants: privileges on what is in a database are seen from inside only. */
export function grantQuestions(state: StackState): ReadonlyMap<string, string> {
  const byDatabase = Map.groupBy(grantsOf(state), (grant) => outputsOf(grant).database);
  return new Map([...byDatabase].map(([database, grants]) => [database, question(grants)]));
}

/** Privileges that were granted or revoked behind Pulumi's back. A database that was not asked says nothing. */
export function findGrantDrift(state: StackState, facts: GrantFacts): Drift[] {
  return grantsOf(state)
    .filter(({ urn }) => facts[urn] === false)
    .map((grant): Drift => {
      const { database, role } = outputsOf(grant);
      return { kind: "grant-altered", urn: grant.urn, role, database };
    });
}

function grantsOf({ resources }: StackState): StateResource[] {
  return resources.filter(
    ({ type, outputs }) =>
      (type === TYPES.grant || type === TYPES.defaultPrivileges) && outputs !== undefined,
  );
}

function outputsOf({ outputs }: StateResource): GrantOutputs {
  return outputs as unknown as GrantOutputs;
}

function question(grants: readonly StateResource[]): string {
  const rows = grants.map((grant) => `(${literal(grant.urn)}, ${condition(grant)})`);
  return `select json_object_agg(urn, intact) from (values ${rows.join(", ")}) as answers (urn, intact)`.replaceAll(
    /\s+/g,
    " ",
  );
}

/** SQL that is true as long as the privileges are there. */
function condition(grant: StateResource): string {
  const outputs = outputsOf(grant);
  const { database, objectType, schema = "" } = outputs;
  if (grant.type === TYPES.defaultPrivileges) return hasDefaults(outputs);
  if (objectType === "database") {
    return hasPrivileges(
      outputs,
      `select coalesce(datacl, acldefault('d', datdba)) from pg_database where datname = ${literal(database)}`,
    );
  }
  if (objectType === "schema") {
    return hasPrivileges(outputs, `select nspacl from pg_namespace where nspname = ${literal(schema)}`);
  }
  return `not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${literal(schema)} and c.relkind in (${list(RELATION_KINDS[objectType] ?? [])})
    and not ${hasPrivileges(outputs, "select c.relacl")})`;
}

function hasDefaults(outputs: GrantOutputs): string {
  return hasPrivileges(
    outputs,
    `select defaclacl from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
     where pg_get_userbyid(defaclrole) = ${literal(outputs.owner ?? "")}
     and coalesce(nspname, '') = ${literal(outputs.schema ?? "")}
     and defaclobjtype = ${literal(DEFAULT_KINDS[outputs.objectType] ?? "")}`,
  );
}

/** All that were granted, or none where none is meant to be. */
function hasPrivileges({ role, objectType, privileges }: GrantOutputs, accessList: string): string {
  const wanted = (privileges ?? []).flatMap((privilege) =>
    privilege === "ALL" ? (ALL[objectType] ?? []) : [privilege],
  );
  const grantee = role === "public" ? "0" : `(select oid from pg_roles where rolname = ${literal(role)})`;
  const found = `(select count(distinct privilege_type) from aclexplode((${accessList})) where grantee = ${grantee}`;
  return wanted.length === 0
    ? `${found}) = 0`
    : `${found} and privilege_type in (${list(wanted)})) = ${wanted.length}`;
}

function list(texts: readonly string[]): string {
  return texts.map(literal).join(", ");
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
