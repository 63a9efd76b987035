import { expect, test } from "vitest";
import { renderDashboardProvider } from "../../../../components/grafana/dashboard-provider.config.ts";

test("dashboards come from the folder and are changed by nobody else", () => {
  expect(renderDashboardProvider("/etc/grafana/dashboards")).toEqual({
    apiVersion: 1,
    providers: [
      {
        name: "storytelling",
        folder: "Storytelling",
        type: "file",
        allowUiUpdates: false,
        disableDeletion: true,
        options: { path: "/etc/grafana/dashboards" },
      },
    ],
  });
});
