import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import type { ContainerFacts } from "../docker/inventory.ts";
import { queryPostgres, quoteIdentifier } from "../docker/postgres.ts";
import { type PendingOperation, type StackState, TYPES } from "../pulumi/state.ts";
import type { ServerFacts } from "./databases.ts";
import type { Drift } from "./drift.ts";

const USER_TABLES =
  "select count(*) from pg_class join pg_namespace n on n.oid = relnamespace " +
  "where relkind in ('r', 'p', 'm') and nspname <> 'information_schema' and nspname !~ '^pg_'";

/** What the pending creates of a killed run really made on the server. Databases first: they belong to roles. */
export function findLeftovers(state: StackState, facts: ServerFacts, server: ContainerFacts): Drift[] {
  const databases = pendingNames(state, TYPES.database).filter((name) => name in facts.databases);
  const roles = pendingNames(state, TYPES.role).filter((name) => name in facts.roles);
  return [
    ...databases.map((name): Drift => ({ kind: "database-orphaned", name, server })),
    ...roles.map((name): Drift => ({ kind: "role-orphaned", name, server })),
  ];
}

/** Names of the pending creates of one type that the state knows no resource of. */
function pendingNames(state: StackState, type: string): string[] {
  const known = new Set(state.resources.map(({ urn }) => urn));
  const isPending = ({ type: operation, resource }: PendingOperation): boolean =>
    operation === "creating" && resource.type === type && !known.has(resource.urn);
  return state.pendingOperations.filter(isPending).map(({ resource }) => String(resource.inputs?.["name"]));
}

/** Drops a database. Throws a UserError when it holds data: then it is not from a killed run. */
export async function dropDatabase(docker: Docker, server: ContainerFacts, name: string): Promise<void> {
  if ((await queryPostgres(docker, server, USER_TABLES, name)) !== "0") {
    throw new UserError(
      `the database ${name} exists and holds tables, but the state does not know it. ` +
        `Take it over with \`pulumi import ${TYPES.database} <resource> ${name}\`, or rename it, and run this again.`,
    );
  }
  await queryPostgres(docker, server, `drop database ${quoteIdentifier(name)}`);
}

/** Drops a role. PostgreSQL refuses it for one that owns something. */
export async function dropRole(docker: Docker, server: ContainerFacts, name: string): Promise<void> {
  await queryPostgres(docker, server, `drop role ${quoteIdentifier(name)}`);
}
