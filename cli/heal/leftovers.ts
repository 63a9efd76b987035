import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import type { ContainerFacts } from "../docker/inventory.ts";
import { queryPostgres, quoteIdentifier } from "../docker/postgres.ts";
import { type PendingOperation, type StackState, TYPES } from "../pulumi/state.ts";
import type { ServerFacts } from "./databases.ts";

/** A database or a role that a killed run had just made, and that the state therefore does not know. */
export interface Leftover {
  readonly kind: "database" | "role";
  readonly name: string;
}

const USER_TABLES =
  "select count(*) from pg_class join pg_namespace n on n.oid = relnamespace " +
  "where relkind in ('r', 'p', 'm') and nspname <> 'information_schema' and nspname !~ '^pg_'";

/** What the pending creates of a killed run really made on the server. Databases first: they belong to roles. */
export function findLeftovers(state: StackState, server: ServerFacts): Leftover[] {
  const databases = pendingNames(state, TYPES.database).filter((name) => name in server.databases);
  const roles = pendingNames(state, TYPES.role).filter((name) => name in server.roles);
  return [
    ...databases.map((name): Leftover => ({ kind: "database", name })),
    ...roles.map((name): Leftover => ({ kind: "role", name })),
  ];
}

/** Names of the pending creates of one type that the state knows no resource of. */
function pendingNames(state: StackState, type: string): string[] {
  const known = new Set(state.resources.map(({ urn }) => urn));
  const isPending = ({ type: operation, resource }: PendingOperation): boolean =>
    operation === "creating" && resource.type === type && !known.has(resource.urn);
  return state.pendingOperations.filter(isPending).map(({ resource }) => String(resource.inputs?.["name"]));
}

/** Drops it, so that Pulumi can make it. Throws a UserError when it holds data: then it is not from a killed run. */
export async function dropLeftover(
  docker: Docker,
  server: ContainerFacts,
  { kind, name }: Leftover,
): Promise<void> {
  if (kind === "database" && (await queryPostgres(docker, server, USER_TABLES, name)) !== "0") {
    throw new UserError(
      `the database ${name} exists and holds tables, but the state does not know it. ` +
        `Take it over with \`pulumi import ${TYPES.database} <resource> ${name}\`, or rename it, and run this again.`,
    );
  }
  await queryPostgres(docker, server, `drop ${kind} ${quoteIdentifier(name)}`);
}
