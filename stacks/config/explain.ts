import { z } from "zod";
import type { Problem } from "../../components/core/errors.ts";
import { SECRET_NAME_MESSAGE } from "./fields.ts";

/** What is wrong with the raw configuration, in the user's words. The schema is asked which keys it knows. */
export function explain(error: z.ZodError, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, schema));
}

/** The text of wrong types; every other check of the schema carries a text of its own. */
export const typeMessage: z.core.$ZodErrorMap = (issue) =>
  issue.code === "invalid_type"
    ? `must be of the type ${issue.expected === "record" ? "object" : issue.expected}`
    : undefined;

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => ({
      key: [...issue.path, key].join("."),
      reason: `is not a key of the configuration; known here are ${known.join(", ")}`,
    }));
  }
  const key = issue.path.join(".");
  if (issue.code === "invalid_key") {
    return [{ key, reason: issue.issues.map(({ message }) => `the key ${message}`).join("; ") }];
  }
  return [{ key, reason: `got ${shown(issue)}, ${issue.message}` }];
}

/** A secret that is wrong is still a secret, also where its name belongs. */
function shown(issue: z.core.$ZodIssue): string {
  const isSecret = issue.path[0] === "secrets" || issue.message === SECRET_NAME_MESSAGE;
  return isSecret ? "a secret value" : JSON.stringify(wrongValue(issue));
}

/** The value at the key. Of an object whose variant is unknown, it is the one that chooses the variant. */
function wrongValue({ code, path, input }: z.core.$ZodIssue): unknown {
  const chooser = path.at(-1);
  if (code !== "invalid_union" || chooser === undefined || typeof input !== "object") return input;
  return (input as Readonly<Record<PropertyKey, unknown>> | null)?.[chooser];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let node: JsonSchema | undefined = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  for (const segment of path) {
    node = propertiesOf(node)[String(segment)] ?? node?.additionalProperties;
  }
  return node?.propertyNames?.enum ?? Object.keys(propertiesOf(node));
}

/** The properties of an object, those of every variant of one that has variants. */
function propertiesOf(node: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const variants = node?.oneOf ?? [];
  return variants.reduce(
    (known, variant) => ({ ...known, ...propertiesOf(variant) }),
    node?.properties ?? {},
  );
}
