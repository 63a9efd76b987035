import { expect, test } from "vitest";
import { renderLoads } from "../../bench/gateway/report.ts";

test("each load is a line of the table, and the memory of the gateway stands under it", () => {
  const load = { requestsPerSecond: 412.4, p50: 37, p99: 81, requests: 24_744, failed: 0 };
  const loads = [
    { ...load, title: "direct" },
    { ...load, title: "routed", failed: 2 },
  ];

  expect(renderLoads(loads, [40.2, 41.7], { seconds: 60, connections: 16 })).toBe(
    [
      "| What | Requests/s | p50 | p99 | Requests | Failed |",
      "| --- | --- | --- | --- | --- | --- |",
      "| direct | 412 | 37 ms | 81 ms | 24744 | 0 |",
      "| routed | 412 | 37 ms | 81 ms | 24744 | 2 |",
      "",
      "60 s each with 16 connections. Memory of the gateway every 5 s: 40, 42 MB.",
    ].join("\n"),
  );
});
