import { z } from "zod";
import { configSchema } from "../stacks/config/schema.ts";

/** The part of JSON Schema that the configuration uses. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
  readonly additionalProperties?: Node | false;
  readonly const?: unknown;
  readonly oneOf?: readonly Node[];
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

const INTRODUCTION = `# Configuration

Every key of \`Pulumi.<stack>.yaml\`, in the namespace \`storytelling\`. The list is generated from the schema that
checks the file (\`npm run docs\`), so it cannot lag behind. An unknown key, a wrong value or a contradiction
between two keys fails the preview with one message that names the key, the value, what is allowed and what to do.

\`\`\`yaml
config:
  storytelling:stages:
    cleaning: {}
    nlp: { logLevel: DEBUG }
  storytelling:limitScale: 0.25
\`\`\`

A secret is set encrypted: \`npm run secret -- STAGE1_POSTGRES_PASSWORD\` ([secrets.md](secrets.md)).
`;

/** The reference of the configuration as Markdown, from the schema. */
export function configurationReference(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as Node;
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, node]) => toRows(key, node));
  const lines = rows.map(
    ({ key, type, fallback, meaning }) => `| \`${key}\` | ${type} | ${fallback} | ${meaning} |`,
  );
  return `${INTRODUCTION}\n| key | value | unless given | meaning |\n|---|---|---|---|\n${lines.join("\n")}\n`;
}

function toRows(key: string, node: Node): Row[] {
  const own = { key, type: typeOf(node), fallback: fallbackOf(node), meaning: node.description ?? "" };
  const children = Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    toRows(`${key}.${name}`, child),
  );
  const entries = node.additionalProperties;
  const below = entries === undefined || entries === false ? [] : toRows(`${key}.<name>`, entries);
  return [own, ...children, ...variantRows(key, node.oneOf ?? []), ...below];
}

/** Rows of an object that has variants: the key that chooses one, then those that belong to one of them. */
function variantRows(key: string, variants: readonly Node[]): Row[] {
  const chooser = Object.entries(variants[0]?.properties ?? {}).find(
    ([, child]) => child.const !== undefined,
  )?.[0];
  if (chooser === undefined) return [];
  const choices = variants.map(({ properties }) => `\`${String(properties?.[chooser]?.const)}\``);
  const own = { key: `${key}.${chooser}`, type: choices.join(", "), fallback: "–", meaning: "One of these." };
  const rows = variants.flatMap(({ properties = {} }, index) =>
    Object.entries(properties)
      .filter(([name]) => name !== chooser)
      .flatMap(([name, child]) => toRows(`${key}.${name}`, child))
      .map((row) => ({ ...row, meaning: `${row.meaning} With ${chooser} ${choices[index]}.` })),
  );
  return [own, ...rows];
}

function typeOf({ type, enum: values, minimum, maximum, propertyNames, oneOf }: Node): string {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(", ");
  if (propertyNames?.enum !== undefined)
    return `map of ${propertyNames.enum.map((name) => `\`${name}\``).join(", ")}`;
  if (type === "object" || oneOf !== undefined) return "map";
  const range = minimum === undefined || maximum === undefined ? "" : `, ${minimum} to ${maximum}`;
  return `${type ?? "text"}${range}`;
}

function fallbackOf({ default: value }: Node): string {
  if (value === undefined) return "–";
  if (Array.isArray(value) && value.length > 0) return value.map((each) => `\`${each}\``).join(", ");
  const isEmpty = typeof value === "object" && Object.keys(value ?? {}).length === 0;
  return isEmpty ? "nothing" : `\`${JSON.stringify(value).replaceAll('"', "")}\``;
}
