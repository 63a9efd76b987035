import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { DATASOURCES } from "./datasources.config.ts";

/** The file of a dashboard. Throws when a panel or a query asks a datasource that is not provisioned. */
export function renderDashboardFile(dashboard: Dashboard): string {
  for (const panel of panelsOf(dashboard)) assertDatasources(dashboard, panel);
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

/** Every panel with queries, also those inside a row. */
export function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.flatMap((panel) => ("panels" in panel ? panel.panels : [panel]));
}

/** A panel's query with where it goes, which the SDK's type of it does not tell. */
type Query = Dataquery & { readonly datasource?: { readonly uid?: string } };

function assertDatasources(dashboard: Dashboard, panel: Panel): void {
  const known: readonly string[] = Object.values(DATASOURCES).map(({ uid }) => uid);
  const asked = [
    panel.datasource?.uid,
    ...(panel.targets ?? []).map((query) => (query as Query).datasource?.uid),
  ];
  for (const uid of asked) {
    if (uid !== undefined && known.includes(uid)) continue;
    throw new Error(
      `dashboard "${dashboard.title}", panel "${panel.title}": datasource "${uid}" is not provisioned; those that are: ${known.join(", ")}`,
    );
  }
}
