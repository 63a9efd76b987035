import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import type { SecretValues } from "./environment-file.ts";

/** The output `credentials` of the stack, as far as stages are in it. */
interface Credentials {
  readonly stages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The real values of a stage's variables: passwords that the platform made, and secrets of the configuration. Throws a
 * UserError that names those that have none.
 */
export function stageSecrets(
  stage: StageDefinition,
  variables: readonly string[],
  credentials: string,
  { secrets }: PlatformConfig,
): SecretValues {
  const { stages } = JSON.parse(credentials) as Credentials;
  const known: Readonly<Record<string, string | undefined>> = { ...secrets, ...stages?.[stage.name] };
  const missing = variables.filter((variable) => known[variable] === undefined);
  if (missing.length > 0) {
    throw new UserError(
      `--with-secrets: the stack has no value of ${missing.join(", ")}; attach the stage, ` +
        `for example with \`${stage.name}: { enabled: false }\` among storytelling:stages, and run \`npm run up\``,
    );
  }
  return new Map(variables.map((variable) => [variable, known[variable] ?? ""]));
}
