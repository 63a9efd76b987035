import { type DiffEntries, diffCollection } from "./diff-collection.ts";
import { isAbsent, isZero, sameValue, zeroOf } from "./normalise.ts";
import { indexPath, keyPath } from "./property-path.ts";
import { type BlockField, type Field, type MapField, replacesWithin, type Schema } from "./schema.ts";
import { canonical, hasUnknown, isArray, isMap, type PropertyMap, type PropertyValue } from "./values.ts";

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  readonly kind: ChangeKind;
  readonly replace: boolean;
}

/** What one property contributes: `path` of the changed value in Pulumi's notation -> what happens to it. */
export type Changes = ReadonlyMap<string, Change>;

export interface Plan {
  /** Top-level properties that changed, in schema order. */
  readonly changed: readonly string[];
  /** Those of them that force a replacement. */
  readonly replaced: readonly string[];
  readonly detailed: Changes;
}

/** Compares what is there (the old outputs) with what is wanted (checked inputs). */
export function planChanges(schema: Schema, oldOutputs: PropertyMap, inputs: PropertyMap): Plan {
  const changed: string[] = [];
  const replaced: string[] = [];
  const detailed = new Map<string, Change>();
  for (const [name, field] of Object.entries(schema)) {
    if (field.outputOnly) continue;
    const changes = [...diffProperty(name, field, oldOutputs[name], inputs[name])];
    if (changes.length === 0) continue;
    changed.push(name);
    if (changes.some(([, change]) => change.replace)) replaced.push(name);
    for (const [path, change] of changes) detailed.set(path, change);
  }
  return { changed, replaced, detailed };
}

function diffProperty(
  name: string,
  field: Field,
  old: PropertyValue | undefined,
  input: PropertyValue | undefined,
): Changes {
  const wanted = input ?? field.default;
  if (field.emptyIsUnset && isZero(wanted)) return new Map();
  if (wanted === undefined && field.computed) return diffLeftOut(name, field, old);
  if (isScalar(field) && isZero(old) && isZero(wanted)) return new Map();
  if (field.orderless && sameInAnyOrder(old, wanted)) return new Map();
  return diffValue(name, field, old, wanted, field.forceNew === true);
}

/**
 * Left out and filled in by the provider: no change, whatever it is. Except for a list that was never read
 * back, because the creation broke off: the official plugin then plans to compute it anew, and for a list
 * that forces a replacement this replaces the resource.
 */
function diffLeftOut(name: string, field: Field, old: PropertyValue | undefined): Changes {
  const isCollection = field.kind === "list" || field.kind === "set";
  const wasNeverRead = old === null || old === undefined;
  return isCollection && wasNeverRead && field.forceNew ? one(name, "add", true) : new Map();
}

function isScalar(field: Field): boolean {
  return field.kind === "string" || field.kind === "integer" || field.kind === "boolean";
}

function sameInAnyOrder(old: PropertyValue | undefined, wanted: PropertyValue | undefined): boolean {
  if (!isArray(old) || !isArray(wanted)) return false;
  return canonical(old.map(canonical).sort()) === canonical(wanted.map(canonical).sort());
}

function diffValue(
  path: string,
  field: Field,
  old: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  replace: boolean,
): Changes {
  if (field.kind === "map") return diffMap(path, field, old, wanted, replace);
  if (isAbsent(old) && isAbsent(wanted)) return new Map();
  if (isAbsent(old)) return one(path, "add", replace || replacesWithin(field));
  if (isAbsent(wanted)) return one(path, "delete", replace || replacesWithin(field));
  if (wanted !== undefined && hasUnknown(wanted)) return one(path, "update", replace);
  if (field.kind === "block" && isMap(old) && isMap(wanted))
    return diffBlock(path, field, old, wanted, replace);
  if ((field.kind === "list" || field.kind === "set") && isArray(old) && isArray(wanted)) {
    return diffEntries(path, field.element, diffCollection(field, old, wanted), replace);
  }
  return canonical(old) === canonical(wanted) ? new Map() : one(path, "update", replace);
}

function one(path: string, kind: ChangeKind, replace: boolean): Changes {
  return new Map([[path, { kind, replace }]]);
}

function diffMap(
  path: string,
  field: MapField,
  old: PropertyValue | undefined,
  wanted: PropertyValue | undefined,
  replace: boolean,
): Changes {
  if (wanted !== undefined && !isMap(wanted) && hasUnknown(wanted)) return one(path, "update", replace);
  const before = isMap(old) ? old : {};
  const after = isMap(wanted) ? wanted : {};
  const changes = new Map<string, Change>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (canonical(before[key]) === canonical(after[key])) continue;
    const kind = before[key] === undefined ? "add" : after[key] === undefined ? "delete" : "update";
    changes.set(keyPath(path, key), { kind, replace: replace || field.forceNew === true });
  }
  return changes;
}

function diffBlock(
  path: string,
  field: BlockField,
  old: PropertyMap,
  wanted: PropertyMap,
  replace: boolean,
): Changes {
  if (sameValue(field, old, wanted)) return new Map();
  const changes = new Map<string, Change>();
  for (const [name, inner] of Object.entries(field.fields)) {
    const innerPath = keyPath(path, name);
    const innerReplace = replace || inner.forceNew === true;
    const after = wanted[name] ?? inner.default;
    const found =
      after === undefined
        ? diffUnset(innerPath, field, inner, old[name], innerReplace)
        : diffValue(innerPath, inner, old[name], after, innerReplace);
    for (const [changedPath, change] of found) changes.set(changedPath, change);
  }
  return changes;
}

/** A nested property that the new object leaves out; see `BlockField.identity` for why sets differ. */
function diffUnset(
  path: string,
  parent: BlockField,
  field: Field,
  old: PropertyValue | undefined,
  replace: boolean,
): Changes {
  if (field.computed || old === undefined || old === null) return new Map();
  const isForgotten = field.kind === "integer" || field.kind === "boolean" || field.kind === "map";
  if (parent.identity === "set" && isForgotten) return one(path, "delete", replace);
  return sameValue(field, old, zeroOf(field)) ? new Map() : one(path, "delete", replace);
}

function diffEntries(
  path: string,
  element: Field,
  entries: DiffEntries | "whole",
  replace: boolean,
): Changes {
  if (entries === "whole") return one(path, "update", replace);
  const changes = new Map<string, Change>();
  const promoted = replace || replacesWithin(element);
  for (const index of entries.added) changes.set(indexPath(path, index), { kind: "add", replace: promoted });
  for (const index of entries.removed)
    changes.set(indexPath(path, index), { kind: "delete", replace: promoted });
  for (const { index, old, wanted } of entries.changed) {
    for (const [changedPath, change] of diffValue(indexPath(path, index), element, old, wanted, replace)) {
      changes.set(changedPath, change);
    }
  }
  return changes;
}
