import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import { renderDatasources } from "../../../../components/grafana/datasources.config.ts";

const FILE = toYaml(
  renderDatasources({
    prometheus: "http://prometheus:9090",
    loki: "http://loki:3100",
    tempo: "http://tempo:3200",
  }),
);
const { datasources } = parse(FILE) as { readonly datasources: readonly Datasource[] };

interface Datasource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

function linksOf(uid: string): Readonly<Record<string, unknown>> {
  const found = datasources.find((datasource) => datasource.uid === uid);
  if (found === undefined) throw new Error(`there is no datasource ${uid}`);
  return found.jsonData;
}

/** Every uid to which a link points, at any depth. */
function linkedUids(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "datasourceUid" ? [String(inner)] : linkedUids(inner),
  );
}

describe("renderDatasources", () => {
  test("provisions each backend under the uid that dashboards and links name", () => {
    expect(datasources.map(({ uid, type, url }) => [uid, type, url])).toEqual([
      ["prometheus", "prometheus", "http://prometheus:9090"],
      ["loki", "loki", "http://loki:3100"],
      ["tempo", "tempo", "http://tempo:3200"],
    ]);
    expect(datasources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(["prometheus"]);
  });

  test("links only to what is provisioned", () => {
    const uids = datasources.map(({ uid }) => uid);
    const links = linkedUids(datasources);

    expect(links).toHaveLength(5);
    expect(links.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  test("leads from a sample to its trace", () => {
    expect(linksOf("prometheus")["exemplarTraceIdDestinations"]).toEqual([
      { name: "trace_id", datasourceUid: "tempo" },
    ]);
  });

  test("leads from a log line to its trace, by structured metadata and not by searching the line", () => {
    expect(linksOf("loki")["derivedFields"]).toEqual([
      {
        name: "trace_id",
        matcherType: "label",
        matcherRegex: "trace_id",
        url: "$${__value.raw}",
        urlDisplayLabel: "Open the trace",
        datasourceUid: "tempo",
      },
    ]);
  });

  test("leads from a trace to the lines of all its services, some minutes before and after", () => {
    expect(linksOf("tempo")["tracesToLogsV2"]).toEqual({
      datasourceUid: "loki",
      customQuery: true,
      query: '{stage=~".+"} | trace_id = "$${__trace.traceId}"',
      spanStartTimeShift: "-5m",
      spanEndTimeShift: "5m",
    });
  });

  test("leads from a trace to its metrics and draws the service map of them", () => {
    const { tracesToMetrics, serviceMap, nodeGraph } = linksOf("tempo");

    expect(tracesToMetrics).toMatchObject({
      datasourceUid: "prometheus",
      queries: [
        { query: expect.stringContaining("$$__tags") },
        { query: expect.stringContaining("$$__tags") },
      ],
    });
    expect(serviceMap).toEqual({ datasourceUid: "prometheus" });
    expect(nodeGraph).toEqual({ enabled: true });
  });

  test("leaves no dollar sign that Grafana would take for an environment variable", () => {
    expect(FILE.replaceAll("$$", "")).not.toContain("$");
  });

  test("is the reviewed file", async () => {
    await expect(FILE).toMatchFileSnapshot("../../../golden/grafana.datasources.yml");
  });
});
