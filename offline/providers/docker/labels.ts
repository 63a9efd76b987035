import { block, type CollectionField, type FieldTraits, set, string } from "../bridge/schema.ts";
import { mapsOf, type PropertyMap, type PropertyValue, textOf } from "../bridge/values.ts";

/** Labels as the docker package writes them: a set of `{ label, value }`. */
export function labelSet(traits: FieldTraits): CollectionField {
  return set(block({ label: string({ required: true }), value: string({ required: true }) }), traits);
}

export function toLabels(outputs: PropertyMap): Record<string, string> {
  return Object.fromEntries(
    mapsOf(outputs, "labels").map((entry) => [textOf(entry, "label"), textOf(entry, "value")]),
  );
}

export function fromLabels(labels: Readonly<Record<string, string>> | null | undefined): PropertyValue {
  return Object.entries(labels ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}
