import { UserError } from "../core/errors.ts";
import type { RequestRate } from "../core/http-route.ts";
import { toMilliseconds } from "../core/units.ts";

/** The limits that routes ask for by name, the two of the sources and the deployment's own (`000-073`, `000-117`, `001-046`). */
export type RequestRates = Readonly<
  Record<"rate-limit" | "rate-limit-public", RequestRate> & Record<string, RequestRate>
>;

/** 200 requests in a row get 429 after about 100 (C-22); a public client gets less. */
export const DEFAULT_REQUEST_RATES: RequestRates = {
  "rate-limit": { average: 100, period: "1m", burst: 100 },
  "rate-limit-public": { average: 30, period: "1m", burst: 30 },
};

/**
 * The middlewares that limit, by name. Behind proxies that are trusted, the client is whom the last one of them names,
 * because all clients come from the address of the proxy.
 *
 * Throws a UserError when the public limit is not the stricter one (`000-117`).
 */
export function rateLimitMiddlewares(
  rates: RequestRates,
  trustedProxies: readonly string[],
): Readonly<Record<string, object>> {
  assertPublicIsStricter(rates);
  const source =
    trustedProxies.length === 0
      ? {}
      : { sourceCriterion: { ipStrategy: { excludedIPs: [...trustedProxies] } } };
  return Object.fromEntries(
    Object.entries(rates).map(([name, rate]) => [name, { rateLimit: { ...rate, ...source } }]),
  );
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
