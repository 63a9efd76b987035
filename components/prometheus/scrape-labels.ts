import type { ScrapeTarget } from "../core/handles.ts";
import type { Labels } from "../core/labels.ts";

/** Labels by which a container says where its metrics are. Without the port it is no target (C-23). */
export const SCRAPE_LABELS = {
  port: "storytelling.metrics.port",
  path: "storytelling.metrics.path",
  job: "storytelling.metrics.job",
  network: "storytelling.metrics.network",
} as const;

/** The labels that make a container a target of the running Prometheus; nothing restarts. */
export function scrapeLabels({ job, port, path, network }: ScrapeTarget): Labels {
  return {
    [SCRAPE_LABELS.port]: String(port),
    [SCRAPE_LABELS.path]: path,
    [SCRAPE_LABELS.job]: job,
    ...(network === undefined ? {} : { [SCRAPE_LABELS.network]: network }),
  };
}
