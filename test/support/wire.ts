/** The form in which the SDK sends resource inputs to the engine: plain JSON with two kinds of marked values. */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Stands for a secret in a redacted value. */
export const SECRET = "[secret]";
/** Stands for a value that a preview does not know. */
export const UNKNOWN = "[unknown]";

/** The request by which a resource is registered, as far as tests look into it. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getObject(): { toJavaScript(): JsonObject } | undefined;
  getParent(): string;
  getDependenciesList(): string[];
  getProvider(): string;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getDeletedwith(): string;
  getAdditionalsecretoutputsList(): string[];
}

const MARK = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The inputs with each secret replaced by its value. */
export function toPlain(inputs: JsonObject): JsonObject {
  return mapObject(inputs, (secret) => secret);
}

/** The inputs with each secret replaced by `SECRET`. */
export function toRedacted(inputs: JsonObject): JsonObject {
  return mapObject(inputs, () => SECRET);
}

type OnSecret = (value: JsonValue) => JsonValue;

function mapObject(value: JsonObject, onSecret: OnSecret): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValue(item, onSecret)]));
}

function mapValue(value: JsonValue, onSecret: OnSecret): JsonValue {
  if (value === UNKNOWN_MARK) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  const object = value as JsonObject;
  if (object[MARK] === SECRET_MARK) return onSecret(mapValue(object["value"] ?? null, onSecret));
  return mapObject(object, onSecret);
}
