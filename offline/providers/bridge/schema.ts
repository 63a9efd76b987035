import type { PropertyValue } from "./values.ts";

/** What is the same for every kind of property. */
export interface FieldTraits {
  /** Left out, `check` refuses the resource. */
  readonly required?: boolean;
  /** A change replaces the resource instead of updating it. */
  readonly forceNew?: boolean;
  /** The provider fills it in when it is left out; leaving it out later is no change. */
  readonly computed?: boolean;
  /** Value when left out. A default that is not a zero value is written into the inputs (`__defaults`). */
  readonly default?: PropertyValue;
  /** Known to the state only: giving it as an input is refused by name. */
  readonly outputOnly?: boolean;
  /** Always secret in the outputs, whether or not the input was. */
  readonly secret?: boolean;
  /** The official plugin names the resource after its logical name when this is left out. */
  readonly autoName?: boolean;
  /** An empty value means "as it is": never a change. */
  readonly emptyIsUnset?: boolean;
  /** Left out of the outputs, instead of null, when it has no value. */
  readonly omitWhenNull?: boolean;
  /** Properties that may not be given together with this one, in the upstream spelling. */
  readonly conflictsWith?: Readonly<Record<string, string>>;
  /** Order of a list does not matter for the plan, though the state keeps it. */
  readonly orderless?: boolean;
}

export type ScalarKind = "string" | "integer" | "boolean";

export interface ScalarField extends FieldTraits {
  readonly kind: ScalarKind;
}

/** Strings by key. */
export interface MapField extends FieldTraits {
  readonly kind: "map";
}

export interface CollectionField extends FieldTraits {
  readonly kind: "list" | "set";
  readonly element: ScalarField | BlockField;
}

/**
 * A nested object. Upstream it is a list or a set of at most one: as a set, any change in it makes it a
 * different element, so that what is unset in the new one is planned as deleted.
 */
export interface BlockField extends FieldTraits {
  readonly kind: "block";
  readonly identity: "list" | "set";
  readonly fields: Schema;
}

export type Field = ScalarField | MapField | CollectionField | BlockField;

export type Schema = Readonly<Record<string, Field>>;

export const string = (traits: FieldTraits = {}): ScalarField => ({ kind: "string", ...traits });
export const integer = (traits: FieldTraits = {}): ScalarField => ({ kind: "integer", ...traits });
export const boolean = (traits: FieldTraits = {}): ScalarField => ({ kind: "boolean", ...traits });
export const textMap = (traits: FieldTraits = {}): MapField => ({ kind: "map", ...traits });

export const list = (element: ScalarField | BlockField, traits: FieldTraits = {}): CollectionField => ({
  kind: "list",
  element,
  ...traits,
});

export const set = (element: ScalarField | BlockField, traits: FieldTraits = {}): CollectionField => ({
  kind: "set",
  element,
  ...traits,
});

export const block = (
  fields: Schema,
  traits: FieldTraits & { readonly identity?: "list" | "set" } = {},
): BlockField => ({ kind: "block", identity: "list", fields, ...traits });

/** A property that only the state has: read from the real thing, or always `value`. */
export const output = (field: Field = string(), value?: PropertyValue): Field =>
  value === undefined
    ? { ...field, outputOnly: true, computed: true }
    : { ...field, outputOnly: true, default: value };

/** Names of the properties that a program may give, sorted. */
export function inputNames(schema: Schema): readonly string[] {
  return Object.keys(schema)
    .filter((name) => schema[name]?.outputOnly !== true)
    .sort();
}

/** True when the field, or anything inside it, replaces the resource when it changes. */
export function replacesWithin(field: Field): boolean {
  if (field.forceNew) return true;
  if (field.kind === "block") return Object.values(field.fields).some(replacesWithin);
  if (field.kind === "list" || field.kind === "set") return replacesWithin(field.element);
  return false;
}
