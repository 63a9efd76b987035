import { isArray, isMap, type PropertyValue } from "../../../../offline/providers/bridge/values.ts";

/**
 * Paths at which two values differ, such as `outputs.ports[0].ip: 1 -> 2`. `ignored` are the paths that may differ
 * between any two runs, each with everything below it.
 */
export function differences(
  recorded: PropertyValue | undefined,
  found: PropertyValue | undefined,
  ignored: readonly string[],
  path = "",
): readonly string[] {
  if (ignored.some((entry) => entry === path)) return [];
  if (isMap(recorded) && isMap(found)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(found)])].sort();
    return keys.flatMap((key) =>
      differences(recorded[key], found[key], ignored, path === "" ? key : `${path}.${key}`),
    );
  }
  if (isArray(recorded) && isArray(found) && recorded.length === found.length) {
    return recorded.flatMap((item, index) => differences(item, found[index], ignored, `${path}[${index}]`));
  }
  const before = JSON.stringify(recorded);
  const after = JSON.stringify(found);
  return before === after ? [] : [`${path}: ${before} -> ${after}`];
}
