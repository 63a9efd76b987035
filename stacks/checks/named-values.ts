import type { Problem } from "../../components/core/errors.ts";
import type { PlatformConfig } from "../config/schema.ts";

/** A name that has to be one of those that the configuration gives under `where`. */
export function unknownName(key: string, name: string, known: readonly string[], where: string): Problem[] {
  if (known.includes(name)) return [];
  const choice = known.length === 0 ? "none; add it" : `${known.join(", ")}; take one of these, or add it`;
  return [{ key, reason: `got "${name}", this deployment has ${choice} to ${where} of the configuration` }];
}

/** An entry of `secrets` that has to have a value. */
export function missingSecret(key: string, name: string, secrets: PlatformConfig["secrets"]): Problem[] {
  if (secrets[name] !== undefined) return [];
  return [
    {
      key,
      reason: `got "${name}", which has no value; set it with \`npm run secret -- ${name}\` (docs/secrets.md)`,
    },
  ];
}
