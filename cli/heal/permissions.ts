import { UserError } from "../../components/core/errors.ts";
import type { Owner } from "../docker/ownership.ts";
import type { StackState } from "../pulumi/state.ts";
import { confirm, isInteractive } from "../ui/ask.ts";
import type { Drift } from "./drift.ts";

/** What the caller allows without a question. */
export interface Permissions {
  /** A lost volume may be made again, empty. */
  readonly acceptDataLoss: boolean;
}

/** Asks before a lost volume is replaced by an empty one: it may still be restored. */
export async function permitDataLoss(
  drifts: readonly Drift[],
  { acceptDataLoss }: Permissions,
): Promise<void> {
  const volumes = drifts.flatMap((drift) => (drift.kind === "volume-missing" ? [drift.name] : []));
  if (volumes.length === 0 || acceptDataLoss) return;
  const names = volumes.join(", ");
  if (isInteractive() && (await confirm(`The data of ${names} is gone. Go on with empty volumes?`))) return;
  throw new UserError(
    `the data of ${names} is gone, and nothing was changed. Restore the ${volumes.length === 1 ? "volume" : "volumes"} ` +
      "from a backup under the same name, or go on with empty ones: `npm run up -- --accept-data-loss`.",
  );
}

/**
 * A state that never held anything cannot have left anything behind: what carries the stack's labels then belongs
 * to another checkout or another backend.
 */
export function assertNotAnotherCheckout(
  state: StackState,
  drifts: readonly Drift[],
  { stack }: Owner,
): void {
  if (state.resources.length > 0 || state.pendingOperations.length > 0) return;
  const names = drifts.flatMap((drift) => ("found" in drift ? [drift.found.name] : []));
  if (names.length === 0) return;
  throw new UserError(
    `this host already runs the stack "${stack}", made from another checkout or backend: ${names.join(", ")}. ` +
      "Work there, or bring its `.storytelling` folder here, or remove it all with `npm run destroy -- --delete-data`.",
  );
}
