import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isArray,
  isMap,
  type PropertyMap,
  type PropertyValue,
  textOf,
} from "../../../../offline/providers/bridge/values.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "provider-behaviour");
const SECRET_KEY = "4dabf18193072939515e22adb298388d";

export interface RecordedStep {
  readonly resource: string;
  readonly op: string;
  readonly reasons: readonly string[];
  readonly kinds: Readonly<Record<string, string>>;
}

/** One changed property and what the official plugin planned for it. */
export interface RecordedPlan {
  readonly resource: string;
  readonly change: PropertyMap;
  readonly plan: readonly RecordedStep[];
  readonly error?: readonly string[];
}

export interface RecordedState {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export const recordedInputs = load<Readonly<Record<string, PropertyMap>>>("inputs.json");
export const recordedPlans = load<readonly RecordedPlan[]>("plans.json");
export const recordedStates = load<readonly RecordedState[]>("state.json");
export const recordedInspection = load<readonly PropertyMap[]>("inspect.json")[0] ?? {};

export function recordedState(name: string): RecordedState {
  const found = recordedStates.find((state) => nameOf(state.urn) === name);
  if (!found) throw new Error(`nothing was recorded for resource "${name}"`);
  return found;
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** The recorded inputs with one change applied; `"__unset__"` takes a property away. */
export function changedInputs(resource: string, change: PropertyMap): PropertyMap {
  const entries = Object.entries({ ...recordedInputs[resource], ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== "__unset__"));
}

/** The value with every secret of the state file in the open, as the engine hands it to a plugin. */
export function plain(value: PropertyMap): PropertyMap {
  return reveal(value) as PropertyMap;
}

function reveal(value: PropertyValue): PropertyValue {
  if (isArray(value)) return value.map(reveal);
  if (!isMap(value)) return value;
  if (SECRET_KEY in value) return JSON.parse(textOf(value, "plaintext")) as PropertyValue;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

function load<Content>(file: string): Content {
  return JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Content;
}
