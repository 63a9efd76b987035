import type { Duration } from "./units.ts";

/** When Docker runs a probe and when it believes it. */
export interface ProbeTiming {
  /** Time between two probes. The first one runs this long after the start. */
  readonly interval: Duration;
  /** A probe that takes longer has failed. */
  readonly timeout: Duration;
  /** Failures in a row that make a container unhealthy. */
  readonly retries: number;
  /** Failures in this time after the start do not count. */
  readonly startPeriod: Duration;
}

/** How Docker asks a container whether it is well, or the reason why it cannot. */
export type HealthProbe =
  | { readonly kind: "command"; readonly test: readonly string[]; readonly timing: ProbeTiming }
  | { readonly kind: "none"; readonly reason: string };

/** Stage HTTP services: 10s / 5s / 3 / 30s (`000-045` to `000-048`, C-27). */
export const STAGE_TIMING: ProbeTiming = { interval: "10s", timeout: "5s", retries: 3, startPeriod: "30s" };

/** Stores and the platform's own services: 10s / 5s / 5 (C-27). */
export const PLATFORM_TIMING: ProbeTiming = {
  interval: "10s",
  timeout: "5s",
  retries: 5,
  startPeriod: "30s",
};

/** `curl -f http://localhost:<port><path>`, the probe of the sources (`000-044`). The image must contain curl. */
export function httpProbe(port: number, path: string, timing: ProbeTiming = STAGE_TIMING): HealthProbe {
  return { kind: "command", test: ["CMD", "curl", "-f", `http://localhost:${port}${path}`], timing };
}

/** Any command without a shell: exit code 0 is healthy. */
export function commandProbe(command: readonly string[], timing: ProbeTiming = PLATFORM_TIMING): HealthProbe {
  return { kind: "command", test: ["CMD", ...command], timing };
}

/** No probe, because the image offers none: the container counts as ready once it runs. */
export function noProbe(reason: string): HealthProbe {
  return { kind: "none", reason };
}
