import type Docker from "dockerode";
import type { ContainerFacts } from "../docker/inventory.ts";
import { queryPostgres, quoteIdentifier } from "../docker/postgres.ts";
import type { ServerFacts } from "./databases.ts";
import { createVerifier, matchesVerifier } from "./scram.ts";

/** A role whose password on the server is not the one that its stage's containers have. */
export interface AlteredPassword {
  readonly role: string;
  /** Secret. */
  readonly password: string;
}

/**
 * Roles whose password was altered behind Pulumi's back, which no refresh can see: the server keeps a hash that
 * the provider cannot compare. Each stage's containers know the password of their role.
 */
export function findAlteredPasswords(
  containers: readonly ContainerFacts[],
  { passwords }: ServerFacts,
): AlteredPassword[] {
  const known = new Map(containers.flatMap(credentials));
  return [...known]
    .filter(([role, password]) => role in passwords && !matchesVerifier(passwords[role] ?? null, password))
    .map(([role, password]) => ({ role, password }));
}

function credentials({ environment }: ContainerFacts): (readonly [role: string, password: string])[] {
  const role = valueOf(environment, "POSTGRES_USER");
  const password = valueOf(environment, "POSTGRES_PASSWORD");
  return role === undefined || password === undefined ? [] : [[role, password]];
}

function valueOf(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Sets the role's password to the one that its stage has. */
export async function resetPassword(
  docker: Docker,
  server: ContainerFacts,
  { role, password }: AlteredPassword,
): Promise<void> {
  const statement = `alter role ${quoteIdentifier(role)} password '${createVerifier(password)}'`;
  await queryPostgres(docker, server, statement);
}
