import { randomUUID } from "node:crypto";
import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, expectThat } from "../check.ts";
import { queryInside, type VerifyContext } from "../context.ts";
import { routedRequest } from "../gateway.ts";
import { eventually } from "../patience.ts";
import { passFor } from "../token.ts";
import { getJson, queryLogs } from "./observability.ts";

const PROCESS_SECONDS = 30;
const OBSERVE_SECONDS = 60;
const EXEMPLAR_SECONDS = 90;

/** The document has been scraped and its trace can be found by then. */
const RESEND_SECONDS = 25;

/**
 * The same document each time, so that verifications leave one row in a stage's database and not thousands; another
 * one for each stage, because a stage also gets the documents of the stages whose events it reads.
 */
const documentOf = ({ name }: StageSummary) => ({
  document_id: `storytelling-verify-${name}`,
  text: "The  platform was verified in Bern by Ada Lovelace.",
});

interface StoredDocument {
  readonly status: string;
  readonly task_id?: string;
  readonly error?: string | null;
}

/** A document that went through a stage, by its request id. */
interface Journey {
  readonly requestId: string;
  readonly startedAt: number;
}

/**
 * A document through the gateway is processed by the worker and readable, and its log lines, its trace and its
 * metrics are found by its request id.
 */
export function documentChecks(context: VerifyContext, stage: StageSummary): Check[] {
  let journey: Promise<Journey> | undefined;
  // The checks share one document, whichever of them comes first.
  const travel = (): Promise<Journey> => (journey ??= sendDocument(context, stage));
  return [
    processedDocument(stage, travel),
    {
      name: `${stage.name}: its log lines of API and worker are found by its request id`,
      source: "000-107",
      remedy: "see `docker logs storytelling-telemetry` and `docker logs storytelling-loki`",
      run: async () => findLogs(context, stage, await travel()),
    },
    {
      name: `${stage.name}: one trace spans gateway, API and worker`,
      source: "000-147",
      remedy:
        "see `docker logs storytelling-tempo`; the stage must send traces to OTEL_EXPORTER_OTLP_ENDPOINT",
      run: async () => findTrace(context, stage, await travel()),
    },
    {
      name: `${stage.name}: its metrics lead to its trace`,
      source: "000-146",
      remedy: `see ${context.outputs.urls.prometheus}/targets`,
      run: async () => findExemplar(context, stage, await travel()),
    },
  ];
}

/** A document that is sent to the stage is processed by its worker and readable, and no more is asked. */
export function documentCheck(context: VerifyContext, stage: StageSummary): Check {
  return processedDocument(stage, async () => sendDocument(context, stage));
}

function processedDocument(stage: StageSummary, travel: () => Promise<Journey>): Check {
  return {
    name: `${stage.name}: a document is processed and readable`,
    source: "000-097",
    remedy: `see the logs of ${stage.containers.join(", ")} with \`docker logs <container>\``,
    run: async () => ({ detail: `request ${(await travel()).requestId}` }),
  };
}

async function sendDocument(context: VerifyContext, stage: StageSummary): Promise<Journey> {
  const { url: base } = stage;
  const sent = documentOf(stage);
  const requestId = `verify-${randomUUID()}`;
  const startedAt = Date.now();
  const pass = await passFor(context, stage);
  const headers = { "X-Request-Id": requestId, "Content-Type": "application/json", ...pass };
  const accepted = await routedRequest(`${base}/process`, {
    method: "POST",
    headers,
    body: JSON.stringify(sent),
  });
  const answer = await accepted.text();
  expectThat(
    accepted.status === 202,
    `POST ${base}/process answers ${accepted.status}: ${answer.slice(0, 300)}`,
  );
  const { task_id } = JSON.parse(answer) as { readonly task_id: string };
  await eventually(PROCESS_SECONDS, async () => {
    const response = await routedRequest(`${base}/documents/${sent.document_id}`, { headers });
    const text = await response.text();
    expectThat(response.ok, `GET ${base}/documents/… answers ${response.status}: ${text.slice(0, 300)}`);
    const document = JSON.parse(text) as StoredDocument;
    const isDone = document.status !== "pending" && (document.task_id ?? task_id) === task_id;
    expectThat(isDone, `the document is still ${document.status} after ${PROCESS_SECONDS} seconds`);
    expectThat(document.status !== "failed", `the document failed: ${document.error}`);
  });
  return { requestId, startedAt };
}

async function findLogs(context: VerifyContext, { number }: StageSummary, { requestId }: Journey) {
  const query = `{stage="${number}"} |= "${requestId}"`;
  return eventually(OBSERVE_SECONDS, async () => {
    const { data } = await queryLogs(context, query);
    const services = new Set(data.result.map(({ stream }) => stream["service"] ?? "unknown"));
    expectThat(
      services.size > 1,
      `${query} returns lines of ${services.size === 0 ? "no service" : listed(services)}`,
    );
    return { detail: listed(services) };
  });
}

interface TempoSearch {
  readonly traces?: readonly { readonly traceID: string }[];
}

interface TempoTrace {
  readonly batches?: readonly {
    readonly resource: {
      readonly attributes: readonly {
        readonly key: string;
        readonly value: { readonly stringValue?: string };
      }[];
    };
  }[];
}

async function findTrace(context: VerifyContext, { project }: StageSummary, journey: Journey) {
  return eventually(OBSERVE_SECONDS, async () => {
    const traceId = await traceIdOf(context, journey);
    const trace = await queryInside<TempoTrace>(context, `http://tempo-query:3200/api/traces/${traceId}`, {});
    const services = new Set(trace.batches?.map(({ resource }) => serviceName(resource.attributes)));
    const ofStage = [...services].filter((service) => service.startsWith(project));
    expectThat(services.has("traefik"), `trace ${traceId} has no span of the gateway`);
    expectThat(ofStage.length > 1, `trace ${traceId} has spans of ${listed(services)}`);
    return { detail: `${traceId}: ${listed(services)}` };
  });
}

function serviceName(
  attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[],
): string {
  return attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "unknown";
}

/** The trace of the request that sent the document; reading it back has the same request id and comes later. */
async function traceIdOf(context: VerifyContext, { requestId, startedAt }: Journey): Promise<string> {
  const q = `{ span.request.id = "${requestId}" && name =~ ".*process.*" }`;
  const start = `${Math.floor(startedAt / 1000) - 5}`;
  const end = `${Math.ceil(Date.now() / 1000) + 5}`;
  const { traces = [] } = await queryInside<TempoSearch>(context, "http://tempo-query:3200/api/search", {
    q,
    start,
    end,
  });
  expectThat(traces[0] !== undefined, `Tempo finds no trace with ${q}`);
  return traces[0].traceID.padStart(32, "0");
}

interface Exemplars {
  readonly data: readonly {
    readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>> }[];
  }[];
}

/**
 * A series keeps its newest exemplar only. When an event of another stage was processed after the document, the
 * document is sent again.
 */
async function findExemplar(context: VerifyContext, stage: StageSummary, first: Journey) {
  const query = `documents_processed_total{stage="${stage.number}",status="success"}`;
  let journey = first;
  return eventually(EXEMPLAR_SECONDS, async () => {
    const traceId = await traceIdOf(context, journey);
    const range = new URLSearchParams({
      query,
      start: `${journey.startedAt / 1000 - 5}`,
      end: `${Date.now() / 1000 + 5}`,
    });
    const { data } = await getJson<Exemplars>(
      `${context.outputs.urls.prometheus}/api/v1/query_exemplars?${range.toString()}`,
    );
    const ids = data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels["trace_id"]));
    const isFound = ids.includes(traceId);
    if (!isFound && Date.now() - journey.startedAt > RESEND_SECONDS * 1000)
      journey = await sendDocument(context, stage);
    expectThat(isFound, `${query} has no exemplar of trace ${traceId}`);
    return { detail: `exemplar of ${traceId}` };
  });
}

function listed(names: ReadonlySet<string>): string {
  return [...names].sort((a, b) => a.localeCompare(b)).join(", ");
}
