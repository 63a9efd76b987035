/** A property as it travels between the engine and a provider: plain JSON. */
export type PropertyValue = null | boolean | number | string | readonly PropertyValue[] | PropertyMap;

export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** What the engine sends, and expects back, for a value that is known only after `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Marks an output as secret on the wire; the engine encrypts it in the state. */
export function secret(value: PropertyValue): PropertyMap {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** The value behind a secret mark; anything else as it is. */
export function revealed(value: PropertyValue): PropertyValue {
  return isMap(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE ? (value["value"] ?? null) : value;
}

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** True when the value is, or contains, something that is not known yet. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  if (isArray(value)) return value.some(hasUnknown);
  if (isMap(value)) return Object.values(value).some(hasUnknown);
  return value === UNKNOWN;
}

/** One text per value, whatever the order of its keys: two values are equal when their texts are. */
export function canonical(value: PropertyValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isMap(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

export function textOf(map: PropertyMap, key: string): string {
  const value = map[key];
  return typeof value === "string" ? value : "";
}

export function numberOf(map: PropertyMap, key: string): number {
  const value = map[key];
  return typeof value === "number" ? value : 0;
}

export function flagOf(map: PropertyMap, key: string): boolean {
  return map[key] === true;
}

export function textsOf(map: PropertyMap, key: string): readonly string[] {
  return listOf(map, key).filter((item) => typeof item === "string");
}

export function listOf(map: PropertyMap, key: string): readonly PropertyValue[] {
  const value = map[key];
  return isArray(value) ? value : [];
}

export function mapsOf(map: PropertyMap, key: string): readonly PropertyMap[] {
  return listOf(map, key).filter(isMap);
}

/** The string entries of a map property; anything else in it is left out. */
export function textMapOf(map: PropertyMap, key: string): Readonly<Record<string, string>> {
  const value = map[key];
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
