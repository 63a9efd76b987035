import { type Duration, toMilliseconds } from "../core/units.ts";

/** How a container of this host is connected to (`004-036`). It accepts at once or is gone; Traefik's 30 seconds would keep a client waiting. */
const CONNECTION = { maxIdleConnsPerHost: 32, dialTimeout: "2s" } as const;

/**
 * The transport that waits so long for an answer. A label can name a transport and not describe one, so that those which
 * routes may ask for are in the gateway's file.
 */
export function responseTimeoutName(timeout: Duration): string {
  return `response-timeout-${toMilliseconds(timeout)}ms`;
}

/** The transports for these timeouts, by name. */
export function responseTimeoutTransports(timeouts: readonly Duration[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    timeouts.map((timeout) => [responseTimeoutName(timeout), renderTransport(timeout)]),
  );
}

/** Connections to services that may take so long to begin their answer. */
export function renderTransport(responseTimeout: Duration): object {
  const { maxIdleConnsPerHost, dialTimeout } = CONNECTION;
  return {
    maxIdleConnsPerHost,
    forwardingTimeouts: { dialTimeout, responseHeaderTimeout: responseTimeout },
  };
}
