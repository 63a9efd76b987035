import type Docker from "dockerode";
import { z } from "zod";
import type { ContainerFacts } from "../docker/inventory.ts";
import { queryPostgres, quoteIdentifier } from "../docker/postgres.ts";
import { TYPES } from "../pulumi/state.ts";
import type { ServerFacts } from "./databases.ts";
import type { Drift } from "./drift.ts";
import { createVerifier, matchesVerifier } from "./scram.ts";

/** Variables that hold a user: the stage's own, those of the databases that it reads, those of `psql`. */
const USER = /^((?:[A-Z][A-Z0-9]*_)?POSTGRES_|PG)USER=(.+)$/;

export type AlteredPassword = Extract<Drift, { kind: "password-altered" }>;

/** The part of an exported state that is read. */
const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), inputs: z.unknown().optional() })).default([]),
  }),
});

const roleSchema = z.object({ name: z.string(), password: z.object({ plaintext: z.string() }) });

/**
 * Roles whose password seems altered behind Pulumi's back, which no refresh can see: the server keeps a hash that
 * the provider cannot compare. The containers of a stage know the passwords of its roles.
 */
export function findAlteredPasswords(
  containers: readonly ContainerFacts[],
  { passwords }: ServerFacts,
  server: ContainerFacts,
): AlteredPassword[] {
  const known = new Map(containers.flatMap(credentials));
  return [...known]
    .filter(([role, password]) => role in passwords && !matchesVerifier(passwords[role] ?? null, password))
    .map(([role, password]) => ({ kind: "password-altered", role, password, server }));
}

/**
 * Those whose password is not the one of the state either, with that one. A rotation that was killed has changed the role and
 * not yet its containers: it goes on, and is not undone.
 */
export function confirmAltered(
  suspicions: readonly AlteredPassword[],
  { passwords }: ServerFacts,
  inState: ReadonlyMap<string, string>,
): AlteredPassword[] {
  return suspicions.flatMap((suspicion) => {
    const password = inState.get(suspicion.role) ?? suspicion.password;
    return matchesVerifier(passwords[suspicion.role] ?? null, password) ? [] : [{ ...suspicion, password }];
  });
}

/** The passwords that an exported state with its secrets has for the roles of the server. */
export function rolePasswords(exported: string): ReadonlyMap<string, string> {
  const { deployment } = exportSchema.parse(JSON.parse(exported));
  return new Map(
    deployment.resources.flatMap(({ type, inputs }) => {
      const role = type === TYPES.role ? roleSchema.safeParse(inputs).data : undefined;
      return role === undefined ? [] : [[role.name, JSON.parse(role.password.plaintext) as string] as const];
    }),
  );
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
  { role, password, server }: AlteredPassword,
): Promise<void> {
  const statement = `alter role ${quoteIdentifier(role)} password '${createVerifier(password)}'`;
  await queryPostgres(docker, server, statement);
}
