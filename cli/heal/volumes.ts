import type { Inventory } from "../docker/inventory.ts";
import { resourcesOfType, type StackState, TYPES } from "../pulumi/state.ts";
import type { Drift } from "./drift.ts";

/** Volumes that are gone, and their data with them. */
export function findVolumeDrift(state: StackState, { volumes }: Inventory): Drift[] {
  return resourcesOfType(state, TYPES.volume)
    .map(({ urn, inputs }) => ({ urn, name: String(inputs?.["name"]) }))
    .filter(({ name }) => !volumes.has(name))
    .map(({ urn, name }) => ({ kind: "volume-missing", urn, name }));
}
