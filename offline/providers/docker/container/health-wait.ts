import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "dockerode";
import { asking } from "../daemon-error.ts";

/** How often the daemon is asked, in milliseconds; as upstream. */
const POLL_INTERVAL = 1000;

/**
 * Waits until the container is healthy. "unhealthy" is not final: the time runs out first. The message is
 * the official plugin's, word for word, and names no cause: whoever runs `up` has to look for it.
 */
export async function waitUntilHealthy(
  container: Container,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const { State: state } = await asking("error inspecting container state", () => container.inspect());
    if (!state.Health)
      throw new Error("container has no healthcheck, so `wait` cannot see it become healthy");
    if (state.Health.Status === "healthy") return;
    if (Date.now() + POLL_INTERVAL > deadline) break;
    await sleep(POLL_INTERVAL, undefined, { signal });
  }
  await sleep(Math.max(0, deadline - Date.now()), undefined, { signal });
  throw new Error("container failed to be in healthy state");
}
