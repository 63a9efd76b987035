import type { RegisteredResource } from "./mocks.ts";
import type { JsonValue } from "./wire.ts";

/** The labels of a resource as a plain object. */
export function labelsOf({ inputs }: RegisteredResource): Readonly<Record<string, string>> {
  return Object.fromEntries(list(inputs["labels"]).map((entry) => pair(entry)));
}

/** The environment of a container as a plain object. Secrets are in it: use it to look at values, not to print them. */
export function environmentOf({ inputs }: RegisteredResource): Readonly<Record<string, string>> {
  return Object.fromEntries(list(inputs["envs"]).map((entry) => splitAtEquals(entry as string)));
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value as readonly JsonValue[];
  throw new Error(`expected a list, got ${JSON.stringify(value)}`);
}

function pair(entry: JsonValue): [string, string] {
  const { label, value } = entry as { label: string; value: string };
  return [label, value];
}

function splitAtEquals(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
