import { z } from "zod";
import type { Problem } from "../../components/core/errors.ts";
import type { PlatformConfig } from "../config/schema.ts";
import { keySecret, USERS_SECRET } from "../identity.ts";

/** As long as the hash of HS256 (RFC 7518, 3.2). */
const SHORTEST_KEY = 32;

const name = z
  .string()
  .regex(/^[A-Za-z0-9._:*@-]{1,64}$/, "may have letters, digits and . _ : * @ -, at most 64");

/** The users as `examples/identity` takes them. */
const users = z
  .array(
    z.strictObject({
      user_id: name,
      email: z.string().regex(/^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$/, "must be an e-mail address"),
      password_hash: z
        .string()
        .regex(
          /^\$argon2id\$/,
          "must be a hash of argon2id, as `python -m identity_service.passwords` prints it",
        ),
      roles: z.array(name).optional(),
      permissions: z.array(name).optional(),
      active: z.boolean().optional(),
    }),
  )
  .min(1, "must have a user");

/** Secrets of the platform's own identity service that it could not use. No value is told. */
export function identitySecretProblems({ identity, secrets }: PlatformConfig): Problem[] {
  const short = identity.keys.filter((id) => (secrets[keySecret(id)]?.length ?? SHORTEST_KEY) < SHORTEST_KEY);
  return [
    ...short.map((id) => ({
      key: `secrets.${keySecret(id)}`,
      reason: `got a secret value that is too short; a key of HS256 has at least ${SHORTEST_KEY} characters`,
    })),
    ...userProblems(secrets[USERS_SECRET]),
  ];
}

function userProblems(secret: string | undefined): Problem[] {
  if (secret === undefined) return [];
  const key = `secrets.${USERS_SECRET}`;
  const parsed = parseJson(secret);
  if (parsed === undefined)
    return [{ key, reason: "got a secret value that is no JSON; it is a list of users" }];
  const result = users.safeParse(parsed);
  if (!result.success) {
    return result.error.issues.map(({ path, message }) => ({
      key: [key, ...path].join("."),
      reason: `got a secret value that is wrong: ${message}`,
    }));
  }
  return [
    ...twice(
      key,
      "user_id",
      result.data.map(({ user_id }) => user_id),
    ),
    ...twice(
      key,
      "email",
      result.data.map(({ email }) => email.toLowerCase()),
    ),
  ];
}

function twice(key: string, field: string, values: readonly string[]): Problem[] {
  const isUnique = new Set(values).size === values.length;
  return isUnique ? [] : [{ key, reason: `got two users with one ${field}; each needs its own` }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
