import { type Check, CheckFailure, expectThat } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import { readCredentials } from "../credentials.ts";
import { getJson } from "./observability.ts";

const DATASOURCES = ["prometheus", "loki", "tempo"];

/** Grafana reaches each of its datasources (`000-143`). Nothing when Grafana is switched off. */
export function grafanaChecks(context: VerifyContext): Check[] {
  const { grafana } = context.outputs.urls;
  if (grafana === undefined) return [];
  return DATASOURCES.map((uid) => ({
    name: `grafana: the datasource ${uid} works`,
    source: "000-143",
    remedy: `see \`docker logs storytelling-grafana\` and \`docker logs storytelling-${uid}\``,
    run: async () => {
      const { grafana: login } = await readCredentials(context);
      if (login === undefined) throw new CheckFailure("the output `credentials` has no login for Grafana");
      const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
      const url = `${grafana}/api/datasources/uid/${uid}/health`;
      const { status, message } = await getJson<{ readonly status: string; readonly message?: string }>(url, {
        authorization,
      });
      expectThat(status === "OK", `Grafana says ${status}: ${message}`);
      return { detail: status };
    },
  }));
}
