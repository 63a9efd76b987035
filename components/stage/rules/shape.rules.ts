import { inspect } from "node:util";
import { z } from "zod";
import type { Problem } from "../../core/errors.ts";
import { definitionSchema } from "./definition-schema.ts";

export interface Shape {
  readonly problems: readonly Problem[];
  /** Whether rules may look: every value has its type, and number and name, from which others are derived, are right. */
  readonly isSound: boolean;
}

/** A value of the right type, and still not allowed. */
const WRONG_VALUES = new Set(["custom", "invalid_format", "too_small", "too_big", "unrecognized_keys"]);

/** What is wrong with the shape of a definition, whatever it is: one may be generated, imported or written in JavaScript. */
export function shapeOf(stage: unknown): Shape {
  const result = definitionSchema.safeParse(stage, { reportInput: true, error: wrongType });
  if (result.success) return { problems: [], isSound: true };
  const prefix = `stages.${nameOf(stage)}`;
  return {
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, prefix)),
    isSound: result.error.issues.every(
      ({ code, path }) => WRONG_VALUES.has(code) && path[0] !== "number" && path[0] !== "name",
    ),
  };
}

function nameOf(stage: unknown): string {
  const name: unknown =
    typeof stage === "object" && stage !== null && "name" in stage ? stage.name : undefined;
  return typeof name === "string" ? name : "?";
}

/** The text where a field has none of its own. */
const wrongType: z.core.$ZodErrorMap = (issue) =>
  issue.code === "invalid_type"
    ? `must be of the type ${issue.expected === "record" ? "object" : issue.expected}; correct it`
    : undefined;

function problemsOf(issue: z.core.$ZodIssue, prefix: string): Problem[] {
  const key = [prefix, ...issue.path].join(".");
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownKey(issue, key, name));
  if (issue.code === "invalid_key") {
    const names = issue.issues.map(({ message }) => message).join("; ");
    return [
      { key: key.slice(0, key.lastIndexOf(".")), reason: `got "${String(issue.path.at(-1))}", ${names}` },
    ];
  }
  return [{ key, reason: `got ${shown(issue.input)}, ${issue.message}` }];
}

/** What a compose file has and a stage must not have is told in other words than a slip of the pen. */
function unknownKey(issue: z.core.$ZodIssueUnrecognizedKeys, key: string, name: string): Problem {
  const value: unknown = issue.input?.[name];
  if (name === "ports") {
    return {
      key: `${key}.ports`,
      reason: `got ${shown(value)}, a stage publishes no port of the host; remove it, the gateway leads to the entry (000-042)`,
    };
  }
  const known = knownKeys(issue.path);
  const meant = known.find((candidate) => isSlip(candidate, name));
  const remedy = meant === undefined ? "remove it" : `write "${meant}"`;
  return {
    key: `${key}.${name}`,
    reason: `got ${shown(value)}, and is no key here; ${remedy}, known are ${known.join(", ")}`,
  };
}

/** The same letters but for one that is missing, added or wrong, in any case. */
function isSlip(known: string, given: string): boolean {
  const [short, long] = [known.toLowerCase(), given.toLowerCase()].sort((a, b) => a.length - b.length) as [
    string,
    string,
  ];
  if (long.length - short.length > 1) return false;
  const start = short.split("").findIndex((letter, index) => letter !== long[index]);
  if (start === -1) return true;
  const rest = short.length === long.length ? short.slice(start + 1) : short.slice(start);
  return rest === long.slice(start + 1);
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let node: JsonSchema | undefined = z.toJSONSchema(definitionSchema, { io: "input" }) as JsonSchema;
  for (const segment of path) {
    node = node?.properties?.[String(segment)] ?? node?.items ?? node?.additionalProperties;
  }
  return Object.keys(node?.properties ?? {});
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // A BigInt, or an object that contains itself.
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  }
}
