import type { RunningContainer } from "./sandbox.ts";

type Attributes = Readonly<Record<string, string>>;

/** A series with its newest value. */
export interface Sample {
  readonly metric: Attributes;
  readonly value: number;
}

/** One log line with its labels and structured metadata together, as Loki shows them. */
export interface LogLine {
  readonly line: string;
  readonly attributes: Attributes;
}

/** Asks Prometheus; throws when it refuses the question. */
export async function askPrometheus(prometheus: RunningContainer, query: string): Promise<Sample[]> {
  const { data } = await getJson<{ data: { result: { metric: Attributes; value: [number, string] }[] } }>(
    `http://${prometheus.address}:9090/api/v1/query`,
    { query },
  );
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** Asks Loki for lines; throws when it refuses the question. */
export async function askLoki(loki: RunningContainer, query: string): Promise<LogLine[]> {
  const { data } = await getJson<{ data: { result: { stream: Attributes; values: [string, string][] }[] } }>(
    `http://${loki.address}:3100/loki/api/v1/query_range`,
    { query, limit: "1000", since: "1h" },
  );
  return data.result.flatMap(({ stream, values }) =>
    values.map(([, line]) => ({ line, attributes: stream })),
  );
}

/** Ids of the traces that Tempo finds; throws when it refuses the question. */
export async function searchTempo(tempo: RunningContainer, query: string): Promise<string[]> {
  const { traces } = await getJson<{ traces?: { traceID: string }[] }>(
    `http://${tempo.address}:3200/api/search`,
    { q: query },
  );
  return (traces ?? []).map(({ traceID }) => traceID.padStart(32, "0"));
}

/** JSON of a URL; throws with the answer when the status is not 200. */
export async function getJson<T>(url: string, parameters: Attributes = {}): Promise<T> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters).toString()}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${url} ${JSON.stringify(parameters)}: ${body}`);
  return JSON.parse(body) as T;
}

/** A finished span of a stage's service. */
export interface Span {
  readonly traceId: string;
  readonly name: string;
  readonly stage: string;
  readonly service: string;
}

/** Sends a span as a stage's service does, but over HTTP. */
export async function sendSpan(tempo: RunningContainer, span: Span): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const resource = {
    stage: span.stage,
    service: span.service,
    "service.name": `stage${span.stage}-cleaning`,
  };
  const body = {
    resourceSpans: [
      {
        resource: { attributes: Object.entries(resource).map(toAttribute) },
        scopeSpans: [
          {
            spans: [
              {
                traceId: span.traceId,
                spanId: span.traceId.slice(0, 16),
                name: span.name,
                kind: 2,
                startTimeUnixNano: String(now - 50_000_000n),
                endTimeUnixNano: String(now),
              },
            ],
          },
        ],
      },
    ],
  };
  const response = await fetch(`http://${tempo.address}:4318/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Tempo refused a span: ${response.status} ${await response.text()}`);
}

function toAttribute([key, value]: [string, string]): object {
  return { key, value: { stringValue: value } };
}
