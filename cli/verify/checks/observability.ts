import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, expectThat } from "../check.ts";
import { containerOf, queryInside, type VerifyContext } from "../context.ts";
import { patientRequest, request } from "../gateway.ts";
import { eventually } from "../patience.ts";

/** Discovery and one scrape, with room for a busy machine. */
const SCRAPE_SECONDS = 60;
const LOG_SECONDS = 60;

interface PrometheusVector {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: [number, string];
    }[];
  };
}

interface LokiStreams {
  readonly data: {
    readonly result: readonly {
      readonly stream: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [string, string])[];
    }[];
  };
}

/** A stage in logs and metrics: the sources' test 5. */
export function observabilityChecks(context: VerifyContext, stage: StageSummary): Check[] {
  return [logs(context, stage), ...(stage.hasMetrics ? [metrics(context, stage)] : [])];
}

function logs(context: VerifyContext, { name, number, orchestrator, url }: StageSummary): Check {
  return {
    name: `${name}: log lines in Loki`,
    source: "000-144",
    remedy: "see `docker logs storytelling-telemetry` and `docker logs storytelling-loki`",
    run: async () => {
      const query = `{stage="${number}", service="${containerOf(context, orchestrator).labels["service"]}"}`;
      // Pages that nobody has opened have logged nothing yet: questions about their health are left out of the log.
      const page = await patientRequest(`${url}/`);
      await page.body?.cancel();
      return eventually(LOG_SECONDS, async () => {
        const { data } = await queryLogs(context, query);
        const lines = data.result.flatMap(({ values }) => values).length;
        expectThat(lines > 0, `${query} returns nothing`);
        return { detail: query };
      });
    },
  };
}

/** The streams of a log query over the last hour. */
export async function queryLogs(context: VerifyContext, query: string): Promise<LokiStreams> {
  const hour = 3_600_000;
  return queryInside(context, "http://loki:3100/loki/api/v1/query_range", {
    query,
    start: `${(Date.now() - hour) * 1e6}`,
    limit: "100",
  });
}

function metrics(context: VerifyContext, { name, number }: StageSummary): Check {
  const query = `up{stage="${number}"}`;
  return {
    name: `${name}: Prometheus scrapes every target`,
    source: "000-145, 000-146",
    remedy: `see ${context.outputs.urls.prometheus}/targets and \`docker logs storytelling-prometheus\``,
    run: async () =>
      eventually(SCRAPE_SECONDS, async () => {
        const { data } = await queryMetrics(context, query);
        expectThat(data.result.length > 0, `${query} returns nothing`);
        const down = data.result.filter(({ value }) => value[1] !== "1");
        expectThat(
          down.length === 0,
          `down: ${down.map(({ metric }) => metric["container_name"]).join(", ")}`,
        );
        return { detail: `${query} is 1 for ${data.result.length} targets` };
      }),
  };
}

/** The current values of a metrics query. */
async function queryMetrics({ outputs }: VerifyContext, query: string): Promise<PrometheusVector> {
  return getJson(`${outputs.urls.prometheus}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
}

export async function getJson<T>(url: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await request(url, { headers });
  const text = await response.text();
  expectThat(response.ok, `${url} answers ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}
