import { setTimeout as sleep } from "node:timers/promises";
import { daemonMessage, isNotFound } from "./daemon-error.ts";

/** How long a network or volume that is still in use is tried again, in milliseconds; as upstream. */
const REMOVAL_TIMEOUT = 30_000;
const RETRY_INTERVAL = 500;

/** Removes a thing that others may still be letting go of. Gone already is as good as removed. */
export async function removeWhenFree(
  what: string,
  busyText: string,
  remove: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + REMOVAL_TIMEOUT;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      const message = daemonMessage(error);
      if (!message.includes(busyText))
        throw new Error(`Unable to remove ${what}: ${message}`, { cause: error });
      if (Date.now() > deadline) {
        throw new Error(`timeout while waiting for ${what} to be removed: ${message}`, { cause: error });
      }
    }
    await sleep(RETRY_INTERVAL, undefined, { signal });
  }
}
