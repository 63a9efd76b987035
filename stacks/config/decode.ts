/** A value of the configuration as Pulumi hands it over: objects, numbers and booleans as JSON, other text as it is. */
export function decode(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
