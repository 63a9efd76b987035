import type { CheckFailure } from "./errors.ts";
import { isZero } from "./normalise.ts";
import { type BlockField, type Field, inputNames, type Schema } from "./schema.ts";
import { isArray, isMap, type PropertyMap, type PropertyValue, UNKNOWN } from "./values.ts";

/** How one plugin writes its inputs; the official ones differ. */
export interface InputStyle {
  /** Write `__defaults` even where no default applied. */
  readonly emptyDefaults: boolean;
  /** Store an empty list as null. */
  readonly emptyListIsNull: boolean;
}

export interface CheckRequest {
  readonly schema: Schema;
  readonly style: InputStyle;
  readonly provider: string;
  readonly type: string;
  /** Logical name of the resource. */
  readonly name: string;
  readonly inputs: PropertyMap;
  /** Inputs of the last deployment, empty for a new resource. */
  readonly priorInputs: PropertyMap;
  /** Hex digits that make a generated name unique. */
  readonly suffix: string;
}

export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/** Names every property that is wrong, and completes the others with the defaults. */
export function checkInputs(request: CheckRequest): CheckResult {
  const failures = [
    ...problemsOf(request, request.schema, request.inputs, ""),
    ...conflictsOf(request.schema, request.inputs, request.name),
  ];
  return { inputs: complete(request, request.schema, request.inputs, request.priorInputs, true), failures };
}

function problemsOf(
  request: CheckRequest,
  schema: Schema,
  inputs: PropertyMap,
  path: string,
): readonly CheckFailure[] {
  const problems: CheckFailure[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (name.startsWith("__") || value === null) continue;
    const field = schema[name];
    if (!field || field.outputOnly) {
      problems.push({ property: path + name, reason: refusal(request, schema, path + name) });
    } else {
      problems.push(...fieldProblems(request, field, value, path + name));
    }
  }
  for (const [name, field] of Object.entries(schema)) {
    if (field.required && inputs[name] === undefined) {
      problems.push({
        property: "",
        reason: `Missing required argument. The argument "${path + name}" is required, but no definition was found. Examine values at '${request.name}.${path + name}'.`,
      });
    }
  }
  return problems;
}

function refusal(request: CheckRequest, schema: Schema, path: string): string {
  return [
    `the stand-in ${request.provider} plugin does not know the property "${path}" of ${request.type};`,
    `it knows ${inputNames(schema).join(", ")}.`,
    "The official plugin may know more: where it can be downloaded, run",
    `"pulumi plugin install resource ${request.provider}" and take the stand-in off PATH`,
  ].join(" ");
}

function fieldProblems(
  request: CheckRequest,
  field: Field,
  value: PropertyValue,
  path: string,
): readonly CheckFailure[] {
  if (value === UNKNOWN) return [];
  switch (field.kind) {
    case "string":
    case "integer":
    case "boolean":
      return isScalar(field.kind, value) ? [] : [wrongType(path, `a value of type ${field.kind}`, value)];
    case "map":
      return isMap(value) ? [] : [wrongType(path, "a map of strings", value)];
    case "block":
      return isMap(value)
        ? problemsOf(request, field.fields, value, `${path}.`)
        : [wrongType(path, "an object", value)];
    case "list":
    case "set":
      return isArray(value)
        ? value.flatMap((item, index) => fieldProblems(request, field.element, item, `${path}[${index}]`))
        : [wrongType(path, "a list", value)];
  }
}

function isScalar(kind: "string" | "integer" | "boolean", value: PropertyValue): boolean {
  return kind === "integer" ? Number.isInteger(value) : typeof value === kind;
}

function wrongType(path: string, wanted: string, value: PropertyValue): CheckFailure {
  const shape = isArray(value) ? "a list" : typeof value;
  return { property: path, reason: `expected ${wanted}, got ${shape}` };
}

function conflictsOf(schema: Schema, inputs: PropertyMap, resourceName: string): readonly CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [name, field] of Object.entries(schema)) {
    for (const [other, upstreamName] of Object.entries(field.conflictsWith ?? {})) {
      if (isZero(inputs[name]) || isZero(inputs[other])) continue;
      failures.push({
        property: "",
        reason: `Conflicting configuration arguments. "${name}": conflicts with ${upstreamName}. Examine values at '${resourceName}.${name}'.`,
      });
    }
  }
  return failures;
}

function complete(
  request: CheckRequest,
  schema: Schema,
  inputs: PropertyMap,
  prior: PropertyMap,
  isTopLevel: boolean,
): PropertyMap {
  const completed: Record<string, PropertyValue> = {};
  const defaulted: string[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    if (name.startsWith("__") || value === null) continue;
    const field = schema[name];
    completed[name] = field ? completeValue(request, field, value) : value;
  }
  for (const [name, field] of Object.entries(schema)) {
    if (completed[name] !== undefined || field.outputOnly) continue;
    const value = defaultOf(request, field, name, prior, isTopLevel);
    if (value === undefined) continue;
    completed[name] = value;
    defaulted.push(name);
  }
  if (defaulted.length > 0 || request.style.emptyDefaults) completed["__defaults"] = defaulted.sort();
  return completed;
}

function defaultOf(
  request: CheckRequest,
  field: Field,
  name: string,
  prior: PropertyMap,
  isTopLevel: boolean,
): PropertyValue | undefined {
  if (isTopLevel && field.autoName) return prior[name] ?? `${request.name}-${request.suffix}`;
  // A default of zero is what the upstream would take anyway; the official plugins do not write it down.
  return isZero(field.default) ? undefined : field.default;
}

function completeValue(request: CheckRequest, field: Field, value: PropertyValue): PropertyValue {
  if (field.kind === "block" && isMap(value)) return completeBlock(request, field, value);
  if ((field.kind === "list" || field.kind === "set") && isArray(value)) {
    if (value.length === 0 && request.style.emptyListIsNull) return null;
    return value.map((item) => completeValue(request, field.element, item));
  }
  return value;
}

function completeBlock(request: CheckRequest, field: BlockField, value: PropertyMap): PropertyMap {
  return complete(request, field.fields, value, {}, false);
}
