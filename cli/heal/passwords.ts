import type Docker from "dockerode";
import type { ContainerFacts } from "../docker/inventory.ts";
import { queryPostgres, quoteIdentifier } from "../docker/postgres.ts";
import type { ServerFacts } from "./databases.ts";
import type { Drift } from "./drift.ts";
import { createVerifier, matchesVerifier } from "./scram.ts";

/** Variables that hold a user: the stage's own, those of the databases that it reads, those of `psql`. */
const USER = /^((?:[A-Z][A-Z0-9]*_)?POSTGRES_|PG)USER=(.+)$/;

/**
 * Roles whose password was altered behind Pulumi's back, which no refresh can see: the server keeps a hash that
 * the provider cannot compare. The containers of a stage know the passwords of its roles.
 */
export function findAlteredPasswords(
  containers: readonly ContainerFacts[],
  { passwords }: ServerFacts,
  server: ContainerFacts,
): Drift[] {
  const known = new Map(containers.flatMap(credentials));
  return [...known]
    .filter(([role, password]) => role in passwords && !matchesVerifier(passwords[role] ?? null, password))
    .map(([role, password]) => ({ kind: "password-altered", role, password, server }));
}

function credentials({ environment }: ContainerFacts): (readonly [role: string, password: string])[] {
  return environment.flatMap((entry) => {
    const [, prefix, role] = USER.exec(entry) ?? [];
    const password = prefix === undefined ? undefined : valueOf(environment, `${prefix}PASSWORD`);
    return role === undefined || password === undefined ? [] : [[role, password] as const];
  });
}

function valueOf(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Sets the role's password to the one that its stage has. */
export async function resetPassword(
  docker: Docker,
  { role, password, server }: Extract<Drift, { kind: "password-altered" }>,
): Promise<void> {
  const statement = `alter role ${quoteIdentifier(role)} password '${createVerifier(password)}'`;
  await queryPostgres(docker, server, statement);
}
