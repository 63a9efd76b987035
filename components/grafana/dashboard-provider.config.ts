/** The provisioning file of the dashboards: those in the folder, and nobody changes them but this program. */
export function renderDashboardProvider(folderPath: string) {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "storytelling",
        folder: "Storytelling",
        type: "file",
        allowUiUpdates: false,
        disableDeletion: true,
        options: { path: folderPath },
      },
    ],
  };
}
