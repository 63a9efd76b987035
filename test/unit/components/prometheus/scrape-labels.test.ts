import { expect, test } from "vitest";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";

test("a container says port, path and job of its metrics", () => {
  expect(scrapeLabels({ job: "stage1-cleaning", port: 8000, path: "/metrics" })).toEqual({
    "storytelling.metrics.port": "8000",
    "storytelling.metrics.path": "/metrics",
    "storytelling.metrics.job": "stage1-cleaning",
  });
});

test("a container that is asked on another network than the stages says on which", () => {
  const labels = scrapeLabels({ job: "loki", port: 3100, path: "/metrics", network: "back" });

  expect(labels).toMatchObject({ "storytelling.metrics.network": "back" });
});
