import { normalise } from "./normalise.ts";
import type { CollectionField, Field } from "./schema.ts";
import { canonical, isMap, type PropertyValue } from "./values.ts";

export interface ChangedEntry {
  readonly index: number;
  readonly old: PropertyValue;
  readonly wanted: PropertyValue;
}

/** What happened to the elements of a list or set: added by new index, removed by old index. */
export interface DiffEntries {
  readonly added: readonly number[];
  readonly removed: readonly number[];
  readonly changed: readonly ChangedEntry[];
}

/** "whole" when the plan can only speak of the property as a whole. */
export function diffCollection(
  field: CollectionField,
  old: readonly PropertyValue[],
  wanted: readonly PropertyValue[],
): DiffEntries | "whole" {
  return field.kind === "set" ? diffSet(field.element, old, wanted) : diffList(field.element, old, wanted);
}

function diffSet(
  element: Field,
  old: readonly PropertyValue[],
  wanted: readonly PropertyValue[],
): DiffEntries | "whole" {
  const textOf = (value: PropertyValue) => canonical(normalise(element, value));
  const oldTexts = new Set(old.map(textOf));
  const wantedTexts = new Set(wanted.map(textOf));
  const removed = indicesWhere(old, (value) => !wantedTexts.has(textOf(value)));
  const added = indicesWhere(wanted, (value) => !oldTexts.has(textOf(value)));
  if (added.some((index) => !isComplete(element, wanted[index] ?? null))) return "whole";
  return pairUp(removed, added, old, wanted);
}

/**
 * The plan orders a set by itself and finds the program's index of a new element by comparing values, so an
 * element with properties left out is not found: they are zero values in the plan and missing in the inputs.
 */
function isComplete(element: Field, value: PropertyValue): boolean {
  if (element.kind !== "block" || !isMap(value)) return true;
  return Object.entries(element.fields).every(([name, field]) => field.computed || value[name] !== undefined);
}

/** Only what lies between the common start and the common end has changed. */
function diffList(
  element: Field,
  old: readonly PropertyValue[],
  wanted: readonly PropertyValue[],
): DiffEntries {
  const isSame = (left: PropertyValue | undefined, right: PropertyValue | undefined) =>
    canonical(normalise(element, left)) === canonical(normalise(element, right));
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && isSame(old[start], wanted[start])) start++;
  let end = 0;
  while (end < shorter - start && isSame(old[old.length - 1 - end], wanted[wanted.length - 1 - end])) end++;
  return pairUp(range(start, old.length - end), range(start, wanted.length - end), old, wanted);
}

/** Removed and added at the same index is a change of that element. */
function pairUp(
  removed: readonly number[],
  added: readonly number[],
  old: readonly PropertyValue[],
  wanted: readonly PropertyValue[],
): DiffEntries {
  const inBoth = added.filter((index) => removed.includes(index));
  return {
    added: added.filter((index) => !inBoth.includes(index)),
    removed: removed.filter((index) => !inBoth.includes(index)),
    changed: inBoth.map((index) => ({ index, old: old[index] ?? null, wanted: wanted[index] ?? null })),
  };
}

function indicesWhere(
  values: readonly PropertyValue[],
  test: (value: PropertyValue) => boolean,
): readonly number[] {
  return values.flatMap((value, index) => (test(value) ? [index] : []));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
}
