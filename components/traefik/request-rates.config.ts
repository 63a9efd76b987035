import { UserError } from "../core/errors.ts";
import type { RateLimit } from "../core/handles.ts";
import { type Duration, toMilliseconds } from "../core/units.ts";

/** `burst` requests at once, then `average` in each `period`; for each client address. */
export interface RequestRate {
  readonly average: number;
  readonly period: Duration;
  readonly burst: number;
}

export type RequestRates = Readonly<Record<RateLimit, RequestRate>>;

/** 200 requests in a row get 429 after about 100 (C-22); a public client gets less. */
export const DEFAULT_REQUEST_RATES: RequestRates = {
  "rate-limit": { average: 100, period: "1m", burst: 100 },
  "rate-limit-public": { average: 30, period: "1m", burst: 30 },
};

/**
 * The shared middlewares that limit requests, by name. Behind proxies that are trusted, the client is whom the last
 * one of them names, because all clients come from the address of the proxy.
 *
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function renderRateLimits(
  rates: RequestRates,
  trustedProxies: readonly string[],
): Record<RateLimit, object> {
  assertPublicIsStricter(rates);
  const source =
    trustedProxies.length === 0
      ? {}
      : { sourceCriterion: { ipStrategy: { excludedIPs: [...trustedProxies] } } };
  return {
    "rate-limit": { rateLimit: { ...rates["rate-limit"], ...source } },
    "rate-limit-public": { rateLimit: { ...rates["rate-limit-public"], ...source } },
  };
}

function assertPublicIsStricter(rates: RequestRates): void {
  const [internal, open] = [rates["rate-limit"], rates["rate-limit-public"]];
  if (open.burst < internal.burst && perSecond(open) < perSecond(internal)) return;
  throw new UserError(
    `rate-limit-public (${describeRate(open)}) must be stricter than rate-limit (${describeRate(internal)}): ` +
      "lower its burst and its average per period",
  );
}

function perSecond({ average, period }: RequestRate): number {
  return (average * 1000) / toMilliseconds(period);
}

function describeRate({ average, period, burst }: RequestRate): string {
  return `${average} per ${period}, burst ${burst}`;
}
