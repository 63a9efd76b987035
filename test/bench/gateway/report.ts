/** One load on one address. */
export interface Load {
  readonly title: string;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  /** Errors, time-outs and answers other than 2xx. */
  readonly failed: number;
}

/** The table of `docs/gateway.md`, with the memory of the gateway under it. */
export function renderLoads(
  loads: readonly Load[],
  memory: readonly number[],
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): string {
  const rows = loads.map(({ title, requestsPerSecond, p50, p99, requests, failed }) => [
    title,
    requestsPerSecond.toFixed(0),
    `${p50} ms`,
    `${p99} ms`,
    String(requests),
    String(failed),
  ]);
  const head = ["What", "Requests/s", "p50", "p99", "Requests", "Failed"];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [
    ...table,
    "",
    `${seconds} s each with ${connections} connections. Memory of the gateway every 5 s: ${memory.map((sample) => sample.toFixed(0)).join(", ")} MB.`,
  ].join("\n");
}
