import { isAbsent, isZero, sameValue } from "./normalise.ts";
import type { Field, Schema } from "./schema.ts";
import { isMap, type PropertyMap, type PropertyValue } from "./values.ts";

/**
 * The inputs that would describe what was found. Only properties the program gave are looked at, so that a
 * value nobody asked for is no drift; without earlier inputs (an import) everything that is set counts.
 */
export function refreshInputs(schema: Schema, inputs: PropertyMap, outputs: PropertyMap): PropertyMap {
  const isImport = Object.keys(inputs).length === 0;
  return isImport ? importedInputs(schema, outputs) : refreshedMap(schema, inputs, outputs);
}

function importedInputs(schema: Schema, outputs: PropertyMap): PropertyMap {
  const known = Object.entries(schema).filter(
    ([name, field]) => !field.outputOnly && !isAbsent(outputs[name]) && !isZero(outputs[name]),
  );
  return Object.fromEntries(known.map(([name]) => [name, outputs[name] ?? null]));
}

function refreshedMap(schema: Schema, inputs: PropertyMap, outputs: PropertyMap): PropertyMap {
  const refreshed: Record<string, PropertyValue> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const field = schema[name];
    const found = outputs[name];
    if (!field || found === undefined) refreshed[name] = input;
    else if (found !== null || input === null) refreshed[name] = refreshedValue(field, input, found);
  }
  return refreshed;
}

function refreshedValue(field: Field, input: PropertyValue, found: PropertyValue): PropertyValue {
  if (sameValue(field, input, found)) return input;
  if (field.kind === "block" && isMap(input) && isMap(found)) return refreshedMap(field.fields, input, found);
  return found;
}
