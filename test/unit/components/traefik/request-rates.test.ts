import { describe, expect, test } from "vitest";
import { UserError } from "../../../../components/core/errors.ts";
import { DEFAULT_REQUEST_RATES, rateLimitMiddlewares } from "../../../../components/traefik/request-rates.ts";

describe("rateLimitMiddlewares", () => {
  test("limits to 100 a minute with a burst of 100, and the public route to less", () => {
    expect(rateLimitMiddlewares(DEFAULT_REQUEST_RATES, [])).toEqual({
      "rate-limit": { rateLimit: { average: 100, period: "1m", burst: 100 } },
      "rate-limit-public": { rateLimit: { average: 30, period: "1m", burst: 30 } },
    });
  });

  test("tells clients apart by what trusted proxies say of them", () => {
    expect(rateLimitMiddlewares(DEFAULT_REQUEST_RATES, ["10.0.0.0/8"])).toMatchObject({
      "rate-limit": { rateLimit: { sourceCriterion: { ipStrategy: { excludedIPs: ["10.0.0.0/8"] } } } },
    });
  });

  test.each([
    ["the same limit", DEFAULT_REQUEST_RATES["rate-limit"]],
    ["a higher burst", { average: 30, period: "1m", burst: 101 }],
    ["a higher average by a shorter period", { average: 30, period: "1s", burst: 10 }],
  ] as const)("refuses %s for the public route", (_what, open) => {
    expect(() => rateLimitMiddlewares({ ...DEFAULT_REQUEST_RATES, "rate-limit-public": open }, [])).toThrow(
      UserError,
    );
  });

  test("says which limits contradict each other and what to do", () => {
    const rates = {
      ...DEFAULT_REQUEST_RATES,
      "rate-limit-public": { average: 200, period: "1m", burst: 10 },
    } as const;

    expect(() => rateLimitMiddlewares(rates, [])).toThrow(
      "rate-limit-public (200 per 1m, burst 10) must be stricter than rate-limit (100 per 1m, burst 100): lower its burst and its average per period",
    );
  });
});
