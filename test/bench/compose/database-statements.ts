import { quoteIdentifier } from "../../../cli/docker/postgres.ts";
import type { RegisteredResource } from "../../support/mocks.ts";
import { recordedOf } from "./recorded-inputs.ts";

/** SQL that makes the roles and databases of the program. */
export function databaseStatements(resources: readonly RegisteredResource[]): string[] {
  return [
    ...recordedOf(resources, "postgresql:index/role:Role").map(({ inputs }) => createRole(inputs)),
    ...recordedOf(resources, "postgresql:index/database:Database").map(
      ({ inputs }) =>
        `CREATE DATABASE ${quoteIdentifier(inputs.name)} OWNER ${quoteIdentifier(inputs.owner)};`,
    ),
    ...recordedOf(resources, "postgresql:index/grant:Grant").map(
      ({ inputs }) => `REVOKE ALL ON DATABASE ${quoteIdentifier(inputs.database)} FROM PUBLIC;`,
    ),
  ];
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
