import type { PropertyMap } from "./values.ts";

/** A property, resource type or configuration key that the program may not use; said at `check`. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * The thing exists but did not come up. The engine keeps it in the state, marked with the reason, and fails
 * the deployment.
 */
export class InitialisationError extends Error {
  public readonly id: string;
  public readonly outputs: PropertyMap;

  public constructor(message: string, id: string, outputs: PropertyMap) {
    super(message);
    this.name = "InitialisationError";
    this.id = id;
    this.outputs = outputs;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
