import { type Check, expectThat } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import { getJson } from "./observability.ts";

const DATASOURCES = ["prometheus", "loki", "tempo"];

/** Grafana reaches each of its datasources (`000-143`). Nothing when Grafana is switched off. */
export function grafanaChecks({ outputs, readSecret }: VerifyContext): Check[] {
  const { grafana } = outputs.urls;
  if (grafana === undefined) return [];
  return DATASOURCES.map((uid) => ({
    name: `grafana: the datasource ${uid} works`,
    source: "000-143",
    remedy: `see \`docker logs storytelling-grafana\` and \`docker logs storytelling-${uid}\``,
    run: async () => {
      const password = await readSecret("grafanaAdminPassword");
      const authorization = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
      const url = `${grafana}/api/datasources/uid/${uid}/health`;
      const { status, message } = await getJson<{ readonly status: string; readonly message?: string }>(url, {
        authorization,
      });
      expectThat(status === "OK", `Grafana says ${status}: ${message}`);
      return { detail: status };
    },
  }));
}
