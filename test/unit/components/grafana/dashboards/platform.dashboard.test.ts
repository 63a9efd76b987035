import { describe, expect, test } from "vitest";
import { panelsOf, renderDashboardFile } from "../../../../../components/grafana/dashboard-file.config.ts";
import { platformDashboard } from "../../../../../components/grafana/dashboards/platform.dashboard.ts";

const dashboard = platformDashboard();
const panels = panelsOf(dashboard);

/** What a panel asks, in whichever language. */
function questionsOf(panel: (typeof panels)[number]): string[] {
  return (panel.targets ?? []).map((target) => {
    const { expr, query } = target as { readonly expr?: string; readonly query?: string };
    return expr ?? query ?? "";
  });
}

describe("the platform dashboard", () => {
  test("asks only datasources that are provisioned", () => {
    expect(() => renderDashboardFile(dashboard)).not.toThrow();
  });

  test("shows services, gateway, documents, resources, logs and traces", () => {
    expect(panels.map(({ title }) => title)).toEqual([
      "Services",
      "Requests",
      "Latency",
      "Errors",
      "Documents",
      "Waiting documents",
      "Processing time",
      "CPU",
      "Memory",
      "Host",
      "Log lines",
      "Traces",
      "Logs",
    ]);
  });

  test("says of each panel what it shows", () => {
    expect(panels.filter(({ description }) => !description?.endsWith(".")).map(({ title }) => title)).toEqual(
      [],
    );
  });

  test("every question but those about the host is about the chosen stages", () => {
    const others = panels.flatMap(questionsOf).filter((question) => !question.includes("$stage"));

    expect(others).toHaveLength(3);
    expect(others.filter((question) => !question.includes("system_"))).toEqual([]);
  });

  test("lets all stages or some be chosen, as Prometheus knows them", () => {
    expect(dashboard.templating.list).toMatchObject([
      {
        name: "stage",
        query: { query: "label_values(up, stage)" },
        datasource: { uid: "prometheus" },
        includeAll: true,
        allValue: ".+",
        multi: true,
      },
    ]);
  });

  test("fills each row of 24 columns and covers no panel with another", () => {
    const cells = panels.flatMap(({ gridPos }) => {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {};
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
    });
    const rightmost = panels.map(({ gridPos }) => (gridPos?.x ?? 0) + (gridPos?.w ?? 0));

    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...rightmost)).toBe(24);
  });

  test("keeps its uid, by which it is linked to", () => {
    expect(dashboard.uid).toBe("storytelling-platform");
  });

  test("is the reviewed file", async () => {
    await expect(renderDashboardFile(dashboard)).toMatchFileSnapshot(
      "../../../../golden/grafana.platform-dashboard.json",
    );
  });
});
