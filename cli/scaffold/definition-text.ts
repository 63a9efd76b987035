import type { JsonValue, StageDefinition } from "../../components/stage/definition.ts";
import { LINE_WIDTH } from "./catalog-index.ts";

const INDENT = "  ";

/** A stage definition as a file of the catalogue, formatted as `npm run format` leaves it. */
export function definitionText(stage: StageDefinition, comment: string): string {
  return [
    'import type { StageDefinition } from "../../../components/stage/definition.ts";',
    "",
    `/** ${comment} */`,
    `export const ${exportName(stage.name)} = ${literal(stage as unknown as JsonValue, "", 0)} as const satisfies StageDefinition;`,
    "",
  ].join("\n");
}

/** `topic-models` is exported as `topicModels`; a word of the language gets `Stage` behind it. */
export function exportName(stage: string): string {
  const name = stage.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return RESERVED.has(name) ? `${name}Stage` : name;
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);

/** A value as source text. `used` is what else stands on its last line. */
function literal(value: JsonValue, indent: string, used: number): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  const inline = inlined(value);
  if (inline !== undefined && used + inline.length <= LINE_WIDTH) return inline;
  const inner = `${indent}${INDENT}`;
  if (isList(value)) return `[\n${value.map((entry) => line(inner, "", entry)).join("")}${indent}]`;
  const lines = Object.entries(value).map(([key, entry]) => line(inner, `${propertyName(key)}: `, entry));
  return `{\n${lines.join("")}${indent}}`;
}

function line(indent: string, start: string, value: JsonValue): string {
  // The comma stands on the line, too.
  return `${indent}${start}${literal(value, indent, indent.length + start.length + 1)},\n`;
}

/** The value on one line, unless it is a map of maps or a list of several maps, which are easier to read apart. */
function inlined(value: JsonValue): string | undefined {
  if (typeof value !== "object" || value === null) return literal(value, "", 0);
  if (isList(value)) {
    const maps = value.filter((entry) => typeof entry === "object" && entry !== null);
    const entries = value.map(inlined);
    return maps.length > 1 || entries.includes(undefined) ? undefined : `[${entries.join(", ")}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  if (entries.some(([, entry]) => typeof entry === "object" && entry !== null && !isList(entry)))
    return undefined;
  const parts = entries.map(([key, entry]) => {
    const inline = inlined(entry);
    return inline === undefined ? undefined : `${propertyName(key)}: ${inline}`;
  });
  return parts.includes(undefined) ? undefined : `{ ${parts.join(", ")} }`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** In the quotes that need fewer escapes, double ones if none does. */
function quoted(text: string): string {
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  const json = JSON.stringify(text);
  return doubles > singles ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
}
