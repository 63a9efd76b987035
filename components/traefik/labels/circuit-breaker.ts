import type { CircuitBreaker } from "../../core/http-route.ts";
import { toMilliseconds } from "../../core/units.ts";
import type { Options } from "./options.ts";

/** The thresholds as one expression of Traefik, and the times. */
export function circuitBreakerOptions(breaker: CircuitBreaker): Options {
  return {
    expression: expressionOf(breaker),
    checkperiod: breaker.checkPeriod ?? "100ms",
    fallbackduration: breaker.fallbackDuration ?? "10s",
    recoveryduration: breaker.recoveryDuration ?? "10s",
  };
}

function expressionOf({ networkErrors, serverErrors, latency }: CircuitBreaker): string {
  return [
    ...(networkErrors === undefined ? [] : [`NetworkErrorRatio() ${over(networkErrors)}`]),
    ...(serverErrors === undefined ? [] : [`ResponseCodeRatio(500, 600, 0, 600) ${over(serverErrors)}`]),
    ...(latency === undefined
      ? []
      : [`LatencyAtQuantileMS(${decimal(100 - latency.percent)}) > ${toMilliseconds(latency.above)}`]),
  ].join(" || ");
}

/** A share of all requests is not more than 1, so that it has to be reached. */
function over(share: number): string {
  return `>= ${decimal(share)}`;
}

/** The expression knows whole numbers and decimals as different types. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
