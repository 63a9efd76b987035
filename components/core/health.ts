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

/** A program of the image that can ask a URL or a port. */
export type HttpClient = "curl" | "wget" | "python" | "node";

/** `curl -f http://localhost:<port><path>`, the probe of the sources (`000-044`), or the same with what the image has (C-39). */
export function httpProbe(
  port: number,
  path: string,
  timing: ProbeTiming = STAGE_TIMING,
  client: HttpClient = "curl",
): HealthProbe {
  return {
    kind: "command",
    test: ["CMD", ...httpRequest(client, `http://localhost:${port}${path}`)],
    timing,
  };
}

/** A command that fails unless the answer is one of success. */
function httpRequest(client: HttpClient, url: string): readonly string[] {
  switch (client) {
    case "curl":
      return ["curl", "-f", url];
    case "wget":
      return ["wget", "-q", "-O", "/dev/null", url];
    case "python":
      return ["python", "-c", `import urllib.request as r; r.urlopen("${url}", timeout=4)`];
    case "node":
      return ["node", "-e", `fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
  }
}

/** Whether something accepts connections on a port of the container. The image must contain the client. */
export function tcpProbe(
  port: number,
  timing: ProbeTiming = STAGE_TIMING,
  client: "nc" | "bash" | "python" = "nc",
): HealthProbe {
  return { kind: "command", test: ["CMD", ...connection(client, port)], timing };
}

function connection(client: "nc" | "bash" | "python", port: number): readonly string[] {
  switch (client) {
    case "nc":
      return ["nc", "-z", "localhost", String(port)];
    case "bash":
      return ["bash", "-c", `exec 3<>/dev/tcp/localhost/${port}`];
    case "python":
      return ["python", "-c", `import socket; socket.create_connection(("localhost", ${port}), 4)`];
  }
}

/**
 * Whether a process runs whose command line has the text, for a service that listens on nothing (C-16). It reads
 * `/proc`, because small images have no `ps`; the image must contain `sh`, `tr` and `grep`.
 */
export function processProbe(text: string, timing: ProbeTiming = STAGE_TIMING): HealthProbe {
  const literal = text.replaceAll(/[\\.*^$[\]'"`]/g, ".");
  // The brackets keep the probe from finding its own command line.
  const pattern = `[${literal.charAt(0)}]${literal.slice(1)}`;
  const search = `for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < "$f" 2>/dev/null | grep -q '${pattern}' && exit 0; done; exit 1`;
  return { kind: "command", test: ["CMD", "sh", "-c", search], timing };
}

/** Any command without a shell: exit code 0 is healthy. */
export function commandProbe(command: readonly string[], timing: ProbeTiming = PLATFORM_TIMING): HealthProbe {
  return { kind: "command", test: ["CMD", ...command], timing };
}

/** No probe, because the image offers none: the container counts as ready once it runs. */
export function noProbe(reason: string): HealthProbe {
  return { kind: "none", reason };
}
