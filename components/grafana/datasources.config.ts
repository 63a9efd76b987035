/** The uids of the datasources. Fixed from the first day: Grafana does not start when a known one changes. */
export const DATASOURCES = {
  prometheus: { uid: "prometheus", type: "prometheus" },
  loki: { uid: "loki", type: "loki" },
  tempo: { uid: "tempo", type: "tempo" },
} as const;

export type DatasourceName = keyof typeof DATASOURCES;

/** Address of each backend, as Grafana reaches it. */
export type DatasourceUrls = Readonly<Record<DatasourceName, string>>;

/** Between a span and its log lines clocks differ and buffers wait; without the shift a short span finds none. */
const LOG_WINDOW = { spanStartTimeShift: "-5m", spanEndTimeShift: "5m" } as const;

/**
 * The provisioning file of the datasources, linked with each other: from a sample to its trace, from a trace to its
 * log lines, metrics and neighbours, from a log line to its trace. `$$` is one `$` that Grafana does not expand.
 */
export function renderDatasources(urls: DatasourceUrls) {
  return {
    apiVersion: 1,
    // A datasource that is no longer here goes away.
    prune: true,
    datasources: [
      datasource("Prometheus", "prometheus", urls, true, prometheusLinks()),
      datasource("Loki", "loki", urls, false, lokiLinks()),
      datasource("Tempo", "tempo", urls, false, tempoLinks()),
    ],
  };
}

function datasource(
  name: string,
  key: DatasourceName,
  urls: DatasourceUrls,
  isDefault: boolean,
  jsonData: object,
) {
  return {
    name,
    ...DATASOURCES[key],
    access: "proxy",
    url: urls[key],
    isDefault,
    editable: false,
    jsonData,
  };
}

function prometheusLinks() {
  return {
    httpMethod: "POST",
    prometheusType: "Prometheus",
    timeInterval: "15s",
    exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: DATASOURCES.tempo.uid }],
  };
}

function lokiLinks() {
  return {
    derivedFields: [
      {
        name: "trace_id",
        // Structured metadata counts as a label here.
        matcherType: "label",
        matcherRegex: "trace_id",
        url: "$${__value.raw}",
        urlDisplayLabel: "Open the trace",
        datasourceUid: DATASOURCES.tempo.uid,
      },
    ],
  };
}

function tempoLinks() {
  return {
    tracesToLogsV2: {
      datasourceUid: DATASOURCES.loki.uid,
      ...LOG_WINDOW,
      // The lines of every service that had a part in the trace, the gateway's too.
      customQuery: true,
      query: '{stage=~".+"} | trace_id = "$${__trace.traceId}"',
    },
    tracesToMetrics: {
      datasourceUid: DATASOURCES.prometheus.uid,
      ...LOG_WINDOW,
      tags: [{ key: "service.name", value: "service" }],
      queries: [
        {
          name: "Spans per second",
          query: "sum by (span_name) (rate(traces_spanmetrics_calls_total{$$__tags}[5m]))",
        },
        {
          name: "95th percentile of the duration",
          query:
            "histogram_quantile(0.95, sum by (span_name, le) (rate(traces_spanmetrics_latency_bucket{$$__tags}[5m])))",
        },
      ],
    },
    serviceMap: { datasourceUid: DATASOURCES.prometheus.uid },
    nodeGraph: { enabled: true },
  };
}
