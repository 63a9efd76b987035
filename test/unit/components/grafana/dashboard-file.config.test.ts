import { DashboardBuilder, PanelBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { describe, expect, test } from "vitest";
import { renderDashboardFile } from "../../../../components/grafana/dashboard-file.config.ts";

const KNOWN = { uid: "prometheus", type: "prometheus" };
const UNKNOWN = { uid: "graphite", type: "graphite" };

function panelOn(datasource: object, queryDatasource: object = datasource): PanelBuilder {
  return new PanelBuilder()
    .title("Requests")
    .datasource(datasource)
    .withTarget(new DataqueryBuilder().expr("up").datasource(queryDatasource));
}

describe("renderDashboardFile", () => {
  test("is the dashboard as JSON", () => {
    const dashboard = new DashboardBuilder("Traffic").withPanel(panelOn(KNOWN)).build();

    expect(JSON.parse(renderDashboardFile(dashboard))).toEqual(JSON.parse(JSON.stringify(dashboard)));
  });

  test.each([
    ["a panel", panelOn(UNKNOWN, KNOWN)],
    ["a query", panelOn(KNOWN, UNKNOWN)],
  ])("names %s on a datasource that is not provisioned", (_what, panel) => {
    expect(() => renderDashboardFile(new DashboardBuilder("Traffic").withPanel(panel).build())).toThrow(
      'dashboard "Traffic", panel "Requests": datasource "graphite" is not provisioned; those that are: prometheus, loki, tempo',
    );
  });

  test("names a panel without a datasource, which would ask whatever is the default", () => {
    const dashboard = new DashboardBuilder("Traffic").withPanel(new PanelBuilder().title("Requests")).build();

    expect(() => renderDashboardFile(dashboard)).toThrow('datasource "undefined" is not provisioned');
  });

  test("looks into a collapsed row", () => {
    const row = new RowBuilder("Gateway").collapsed(true).withPanel(panelOn(UNKNOWN));

    expect(() => renderDashboardFile(new DashboardBuilder("Traffic").withRow(row).build())).toThrow(
      "graphite",
    );
  });
});
