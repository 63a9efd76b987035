import { quoteIdentifier } from "../../../cli/docker/postgres.ts";
import type { RegisteredResource } from "../../support/mocks.ts";
import { type RecordedDefaultPrivileges, type RecordedGrant, recordedOf } from "./recorded-inputs.ts";

/** SQL for `psql` that makes the roles and databases of the program, and what readers may do in them. */
export function databaseStatements(resources: readonly RegisteredResource[]): string[] {
  return [
    ...recordedOf(resources, "postgresql:index/role:Role").map(({ inputs }) => createRole(inputs)),
    ...recordedOf(resources, "postgresql:index/database:Database").map(
      ({ inputs }) =>
        `CREATE DATABASE ${quoteIdentifier(inputs.name)} OWNER ${quoteIdentifier(inputs.owner)};`,
    ),
    ...recordedOf(resources, "postgresql:index/grant:Grant").flatMap(({ inputs }) => grant(inputs)),
    ...recordedOf(resources, "postgresql:index/defaultPrivileges:DefaultPrivileges").flatMap(({ inputs }) =>
      grantLater(inputs),
    ),
  ];
}

function grant({ database, role, schema, objectType, privileges }: RecordedGrant): string[] {
  if (privileges.length === 0) return [`REVOKE ALL ON DATABASE ${quoteIdentifier(database)} FROM PUBLIC;`];
  const what = `GRANT ${privileges.join(", ")} ON`;
  const to = `TO ${quoteIdentifier(role)};`;
  if (objectType === "database") return [`${what} DATABASE ${quoteIdentifier(database)} ${to}`];
  const place = `SCHEMA ${quoteIdentifier(schema ?? "public")}`;
  const objects = objectType === "schema" ? place : `ALL ${objectType.toUpperCase()}S IN ${place}`;
  return [connect(database), `${what} ${objects} ${to}`];
}

function grantLater(given: RecordedDefaultPrivileges): string[] {
  const { database, owner, role, schema, objectType, privileges } = given;
  const scope = `FOR ROLE ${quoteIdentifier(owner)} IN SCHEMA ${quoteIdentifier(schema ?? "public")}`;
  const what = `GRANT ${privileges.join(", ")} ON ${objectType.toUpperCase()}S TO ${quoteIdentifier(role)}`;
  return [connect(database), `ALTER DEFAULT PRIVILEGES ${scope} ${what};`];
}

/** Schemas are seen from inside their database only. */
function connect(database: string): string {
  return `\\connect ${quoteIdentifier(database)}`;
}

function createRole(role: {
  readonly name: string;
  readonly password: string;
  readonly connectionLimit?: number;
}): string {
  const limit = role.connectionLimit === undefined ? "" : ` CONNECTION LIMIT ${role.connectionLimit}`;
  return `CREATE ROLE ${quoteIdentifier(role.name)} LOGIN PASSWORD '${role.password.replaceAll("'", "''")}'${limit};`;
}

/** SQL that takes them away again. */
export function dropStatements(resources: readonly RegisteredResource[]): string[] {
  return [
    ...recordedOf(resources, "postgresql:index/database:Database").map(
      ({ inputs }) => `DROP DATABASE IF EXISTS ${quoteIdentifier(inputs.name)} WITH (FORCE);`,
    ),
    ...recordedOf(resources, "postgresql:index/role:Role").map(
      ({ inputs }) => `DROP ROLE IF EXISTS ${quoteIdentifier(inputs.name)};`,
    ),
  ];
}
