import { z } from "zod";

/**
 * Compose takes most keys in several forms. Each of these reads all of them and gives the one in which `project.ts` has
 * the key.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** `KEY: value` or `- KEY=value`. A variable without a value is handed on from the shell, as `${KEY}` is. */
export const variables = pairs((key) => `\${${key}}`);

/** The same for labels, of which one without a value is empty. */
export const labels = pairs(() => "");

function pairs(missing: (key: string) => string) {
  const lines = z.array(scalar).transform((entries) =>
    Object.fromEntries(
      entries.map((entry) => {
        const separator = entry.indexOf("=");
        return separator < 0
          ? [entry, missing(entry)]
          : [entry.slice(0, separator), entry.slice(separator + 1)];
      }),
    ),
  );
  const map = z
    .record(z.string(), scalar.nullable())
    .transform((entries) =>
      Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, value ?? missing(key)])),
    );
  return z.union([lines, map]);
}

/** A word, or a number that YAML takes for one. */
export const text = scalar;

export const texts = z.union([z.array(scalar), scalar.transform((value) => [value])]);

/** A command in words; Compose splits a line as a shell does, and runs none. */
export const command = z.union([z.array(scalar), z.string().transform(splitWords)]);

function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? "") : double.replaceAll(/\\(["\\$])/g, "$1"),
    ),
  );
}

/** `512M` or `8G`: whatever is spelled otherwise is counted in megabytes. */
export const size = z.union([z.string(), z.number()]).transform((value) => {
  const match = /^(\d+(?:\.\d+)?)\s*(b|k|m|g)?b?$/i.exec(String(value));
  if (match === null) return String(value);
  const unit = (match[2] ?? "b").toLowerCase() as keyof typeof BYTES;
  if (unit === "g" || unit === "m") return `${match[1]}${unit.toUpperCase()}`;
  return `${Math.ceil((Number(match[1]) * BYTES[unit]) / BYTES.m)}M`;
});

const BYTES = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

/** A length of time in one unit: `1m30s` is `90s`. */
export const duration = z.string().transform((value) => {
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(value)) return value;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== value) return value;
  const milliseconds = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS],
    0,
  );
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
});

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `source:target:mode` or its parts. What begins like a path is a folder of the host. */
export const mount = z.union([
  z.looseObject({
    type: z.enum(["volume", "bind", "tmpfs"]),
    source: z.string().optional(),
    target: z.string(),
    read_only: z.boolean().optional(),
  }),
  z.string().transform((line) => {
    const [first = "", second, mode = ""] = line.split(":");
    if (second === undefined) return { type: "volume" as const, target: first };
    return {
      type: /^[./~$]/.test(first) ? ("bind" as const) : ("volume" as const),
      source: first,
      target: second,
      ...(mode.split(",").includes("ro") ? { read_only: true } : {}),
    };
  }),
]);

/** A config or a secret by its name, or with the path to which it is written. */
export function fileMount(folder: string) {
  return z.union([
    z.string().transform((source) => ({ source, target: `${folder}${source}` })),
    z.looseObject({ source: z.string(), target: z.string().optional() }).transform((given) => ({
      ...given,
      target:
        given.target === undefined || given.target.startsWith("/")
          ? (given.target ?? `${folder}${given.source}`)
          : `${folder}${given.target}`,
    })),
  ]);
}

/** Names, or a map with more about each. */
export function named<Value extends z.ZodType>(value: Value, plain: z.output<Value>) {
  return z.union([
    z
      .array(z.string())
      .transform(
        (names): Record<string, z.output<Value>> => Object.fromEntries(names.map((name) => [name, plain])),
      ),
    z
      .record(z.string(), value.nullable())
      .transform(
        (entries): Record<string, z.output<Value>> =>
          Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry ?? plain])),
      ),
  ]);
}
