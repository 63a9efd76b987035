import type { StageDefinition } from "../../components/stage/definition.ts";
import { stageProject } from "../../components/stage/names.ts";
import { encodedName, interpolate } from "./interpolation.ts";

/** Name of the file with the real secrets, and of the one that shows which there are (`000-011`). */
export const SECRETS_FILE = ".env";
export const EXAMPLE_FILE = ".env.example";

/** Real values, by variable. Every one is a secret. */
export type SecretValues = ReadonlyMap<string, string>;

/** The variables of a compose file that have no default: the stage's secrets, sorted. */
export function requiredVariables(composeText: string): string[] {
  const content = composeText.replaceAll(/^\s*#.*$/gm, "");
  const files = [...content.matchAll(/^\s+environment: ([A-Z][A-Z0-9_]*)$/gm)].map(([, name = ""]) => name);
  return [...new Set([...interpolate(content).unset, ...files])].sort();
}

/** `.env.example`: every variable with something in its place that is no secret (`000-091` to `000-095`). */
export function exampleFile(stage: StageDefinition, variables: readonly string[]): string {
  return [
    `# Secrets of ${stageProject(stage)}. Copy this file to .env, fill in the values, and keep .env out of git.`,
    "# `storytelling export --with-secrets` writes .env with the values of the running platform.",
    ...variables.map((name) => `${name}=${exampleValue(stage, name)}`),
    "",
  ].join("\n");
}

function exampleValue(stage: StageDefinition, name: string): string {
  return name === `STAGE${stage.number}_POSTGRES_PASSWORD`
    ? `stage${stage.number}_secure_password`
    : `your_${name.toLowerCase()}_here`;
}

/**
 * `.env` with the real values. One that has characters with a meaning in a URL is there percent-encoded, too.
 */
export function secretsFile(stage: StageDefinition, values: SecretValues): string {
  const lines = [...values].flatMap(([name, value]) => {
    const encoded = encodeURIComponent(value);
    return encoded === value ? [line(name, value)] : [line(name, value), line(encodedName(name), encoded)];
  });
  return [`# Secrets of ${stageProject(stage)}. Keep this file out of git.`, ...lines, ""].join("\n");
}

/** In single quotes Compose reads everything as it is but the single quote. */
function line(name: string, value: string): string {
  return value.includes("'")
    ? `${name}="${value.replaceAll(/["\\$]/g, String.raw`\$&`)}"`
    : `${name}='${value}'`;
}
