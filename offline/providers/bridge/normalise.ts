import type { BlockField, Field, Schema } from "./schema.ts";
import {
  canonical,
  isArray,
  isMap,
  type PropertyMap,
  type PropertyValue,
  secret,
  UNKNOWN,
} from "./values.ts";

/** What a nested property of this kind holds when it was left out. */
export function zeroOf(field: Field): PropertyValue {
  switch (field.kind) {
    case "string":
      return "";
    case "integer":
      return 0;
    case "boolean":
      return false;
    case "map":
      return {};
    case "list":
    case "set":
      return [];
    case "block":
      return null;
  }
}

export function isZero(value: PropertyValue | undefined): boolean {
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

/** Null, left out, or an empty list: the three ways to say "nothing here". */
export function isAbsent(value: PropertyValue | undefined): boolean {
  return value === undefined || value === null || (isArray(value) && value.length === 0);
}

/** The value as the state stores it: nested objects complete, sets in a stable order. */
export function normalise(field: Field, value: PropertyValue | undefined): PropertyValue {
  if (value === UNKNOWN) return UNKNOWN;
  if (value === undefined || value === null) return zeroOf(field);
  if (field.kind === "block") return isMap(value) ? normaliseBlock(field, value) : null;
  if ((field.kind === "list" || field.kind === "set") && isArray(value)) {
    const items = value.map((item) => normalise(field.element, item));
    return field.kind === "set" ? sortByText(items) : items;
  }
  return value;
}

function normaliseBlock(field: BlockField, value: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(field.fields).map(([name, inner]) => [
      name,
      normalise(inner, value[name] ?? inner.default ?? null),
    ]),
  );
}

function sortByText(items: readonly PropertyValue[]): readonly PropertyValue[] {
  return items.toSorted((left, right) => (canonical(left) < canonical(right) ? -1 : 1));
}

/** Equal once nested defaults are filled in and the order of sets is ignored. */
export function sameValue(field: Field, left: PropertyValue | undefined, right: PropertyValue): boolean {
  return canonical(normalise(field, left)) === canonical(normalise(field, right));
}

/**
 * The outputs that follow from the inputs alone: every property of the schema, the ones that only the
 * real thing can tell taken from `prior` (an update) or unknown (a create).
 */
export function plannedOutputs(schema: Schema, inputs: PropertyMap, prior?: PropertyMap): PropertyMap {
  const outputs: Record<string, PropertyValue> = {};
  for (const [name, field] of Object.entries(schema)) {
    outputs[name] = plannedOutput(field, inputs[name], prior ? (prior[name] ?? null) : UNKNOWN);
  }
  return outputs;
}

function plannedOutput(field: Field, input: PropertyValue | undefined, prior: PropertyValue): PropertyValue {
  if (input !== undefined && input !== null) return normalise(field, input);
  if (field.default !== undefined) return field.default;
  if (field.computed) return prior;
  const isBlockCollection = (field.kind === "list" || field.kind === "set") && field.element.kind === "block";
  return isBlockCollection ? [] : null;
}

/** Outputs ready for the wire: secrets marked, properties that vanish when null left out. */
export function toWireOutputs(schema: Schema, outputs: PropertyMap, meta: string | undefined): PropertyMap {
  const wire: Record<string, PropertyValue> = meta === undefined ? {} : { __meta: meta };
  for (const [name, value] of Object.entries(outputs)) {
    const field = schema[name];
    if (field?.omitWhenNull && value === null) continue;
    wire[name] = field?.secret ? secret(value) : value;
  }
  return wire;
}

/** Everything still unknown becomes null, which is what is known of it before the thing exists. */
export function forgetUnknown(outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, value === UNKNOWN ? null : value]),
  );
}
