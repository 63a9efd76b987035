import { randomBytes } from "node:crypto";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandProbe, noProbe } from "../../components/core/health.ts";
import type { Labels } from "../../components/core/labels.ts";
import { ManagedContainer } from "../../components/core/managed-container.ts";
import { panelsOf } from "../../components/grafana/dashboard-file.config.ts";
import { platformDashboard } from "../../components/grafana/dashboards/platform.dashboard.ts";
import { askLoki, askPrometheus, getJson, searchTempo, sendSpan } from "../support/backends.ts";
import { NOT_HARDENED } from "../support/hardening.ts";
import { imageOf } from "../support/images.ts";
import { type Recorder, startMocks } from "../support/mocks.ts";
import { eventually, type Observability, startObservability } from "../support/observability.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

const CONTAINER = "docker:index/container:Container";
const LIMITS = { cpus: 0.5, memory: "64 MB" } as const;

/** A stage's orchestrator: answers everything, and has the metrics that the sources name. */
const STAGE_CONFIG = `
global
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend stage
  bind :8000
  http-request return status 200 content-type text/plain file /metrics.txt if { path /metrics }
  http-request return status 200
`;
const STAGE_METRICS = `documents_accepted_total{stage="1",service="api"} 5
documents_processed_total{stage="1",service="worker",status="success"} 3
processing_duration_seconds_bucket{stage="1",service="worker",le="0.5"} 2
processing_duration_seconds_bucket{stage="1",service="worker",le="+Inf"} 3
processing_duration_seconds_count{stage="1",service="worker"} 3
processing_duration_seconds_sum{stage="1",service="worker"} 1.5
`;

describe("the real observability services", () => {
  const sandbox = new Sandbox();
  // Tempo leaves leading zeros of an id away where it gives an example.
  const traceId = `a${randomBytes(16).toString("hex").slice(1)}`;
  const spanId = randomBytes(8).toString("hex");
  const requestId = `request-${randomBytes(4).toString("hex")}`;
  let recorder: Recorder;
  let services: Observability;

  /** A container that prints and stays. */
  async function startTalker(name: string, labels: Labels, script: string): Promise<RunningContainer> {
    new ManagedContainer(name, {
      containerName: `${sandbox.prefix}-${name}`,
      image: await imageOf("haproxy"),
      entrypoint: ["bash", "-c"],
      command: [`${script}; exec sleep infinity`],
      networks: [{ name: services.network.name }],
      labels,
      health: noProbe("it only prints"),
      ...NOT_HARDENED,
      limits: LIMITS,
    });
    return sandbox.start(await recorder.resource(CONTAINER, name));
  }

  /** On two networks and with two exposed ports, each of which service discovery reports. */
  async function startStage(): Promise<void> {
    const { prometheus, traefik } = services.components;
    new ManagedContainer("cleaning-orchestrator", {
      containerName: `${sandbox.prefix}-cleaning-orchestrator`,
      image: await imageOf("haproxy"),
      networks: [{ name: services.network.name }, { name: services.opsNetwork.name }],
      ports: [8000, 9000].map((container) => ({ host: 0, container, address: "127.0.0.1" })),
      labels: {
        stage: "1",
        service: "orchestrator",
        ...prometheus.scrapeLabels({ job: "stage1-cleaning", port: 8000, path: "/metrics" }),
        ...traefik.routeLabels({
          // The gateway sees every container of the host, those of a platform that happens to run there, too.
          name: `stage1-${sandbox.prefix}`,
          prefix: `/api/v1/${sandbox.prefix}`,
          match: "letters",
          strip: { name: `strip-${sandbox.prefix}`, prefix: `/api/v1/${sandbox.prefix}` },
          priority: 100,
          rateLimit: "rate-limit",
          port: 8000,
          health: { path: "/health", interval: "1s", timeout: "500ms" },
        }),
      },
      files: [
        { path: "/usr/local/etc/haproxy/haproxy.cfg", content: STAGE_CONFIG },
        { path: "/metrics.txt", content: STAGE_METRICS },
      ],
      health: commandProbe(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000"]),
      ...NOT_HARDENED,
      limits: LIMITS,
    });
    await sandbox.start(await recorder.resource(CONTAINER, "cleaning-orchestrator"));
  }

  beforeAll(async () => {
    recorder = await startMocks();
    services = await startObservability(sandbox, recorder);
    await startStage();
    const line = { event: "document_processed", level: "warning", trace_id: traceId, span_id: spanId };
    await startTalker(
      "cleaning-celery-worker",
      { stage: "1", service: "celery-worker" },
      `echo '${JSON.stringify({ ...line, request_id: requestId })}'; echo 'not JSON {at all'`,
    );
    await sendSpan(services.tempo, { traceId, name: "POST /process", stage: "1", service: "orchestrator" });
  });
  afterAll(() => sandbox.close());

  const prometheus = (query: string) => askPrometheus(services.prometheus, query);
  const loki = (query: string) => askLoki(services.loki, query);
  /** The line of this test's containers: the collector reads those of a platform that happens to run here, too. */
  const own = (stream: string) => `{${stream}, container_name=~"${sandbox.prefix}-.+"}`;

  test.each([
    ["Prometheus", "prometheus", ["promtool", "check", "config", "/run/prometheus/prometheus.yml"]],
    ["Loki", "loki", ["/usr/bin/loki", "-verify-config", "-config.file=/etc/loki/config.yaml"]],
    ["Tempo", "tempo", ["/tempo", "-config.verify", "-config.file=/etc/tempo/config.yaml"]],
    ["the collector", "telemetry", ["/otelcol-contrib", "validate", "--config=env:CONFIGURATION"]],
  ] as const)("%s finds its own file valid and without a warning", async (_name, role, command) => {
    const check = await services[role].exec(command);

    expect(check).toMatchObject({ exitCode: 0, output: expect.not.stringMatching(/warn|deprecat/i) });
  });

  test("a stage on two networks and with two ports is one target and up", async () => {
    const [target, ...others] = await eventually(() => prometheus('up{stage="1"} == 1'), hasSome);

    expect(others).toEqual([]);
    expect(target?.metric).toEqual({
      __name__: "up",
      job: "stage1-cleaning",
      stage: "1",
      service: "orchestrator",
      container_name: `${sandbox.prefix}-cleaning-orchestrator`,
      instance: `${sandbox.prefix}-cleaning-orchestrator:8000`,
    });
  });

  test.each(["prometheus", "loki", "tempo", "telemetry", "traefik"])(
    "%s is up, as stage platform",
    async (job) => {
      const found = await eventually(() => prometheus(`up{stage="platform", job="${job}"} == 1`), hasSome);

      expect(found.map(({ metric }) => metric["service"])).toEqual([job]);
    },
  );

  test("who a stage's series belong to is said once, by the container", async () => {
    const [series] = await eventually(() => prometheus('documents_processed_total{stage="1"}'), hasSome);

    expect(series?.metric).toEqual({
      __name__: "documents_processed_total",
      status: "success",
      job: "stage1-cleaning",
      stage: "1",
      service: "orchestrator",
      container_name: `${sandbox.prefix}-cleaning-orchestrator`,
      instance: `${sandbox.prefix}-cleaning-orchestrator:8000`,
    });
  });

  test("Prometheus can be neither reloaded nor stopped nor emptied from outside", async () => {
    const paths = ["/-/reload", "/-/quit", "/api/v1/admin/tsdb/delete_series?match[]=up"];
    const statuses = paths.map(async (path) => {
      const url = `http://127.0.0.1:${services.prometheus.hostPort(9090)}${path}`;
      return (await fetch(url, { method: "POST" })).ok;
    });

    expect(await Promise.all(statuses)).toEqual([false, false, false]);
  });

  test("a line is found by stage and service within seconds, as it was written, with its ids beside it", async () => {
    const written = Date.now();
    await startTalker(
      "nlp-orchestrator",
      { stage: "2", service: "orchestrator" },
      `echo '{"level":"error","trace_id":"${traceId}"}'`,
    );
    const [found] = await eventually(() => loki(own('stage="2", service="orchestrator"')), hasSome);

    expect(Date.now() - written).toBeLessThan(8000);
    expect(found?.line).toBe(`{"level":"error","trace_id":"${traceId}"}`);
    expect(found?.attributes).toMatchObject({
      container_name: `${sandbox.prefix}-nlp-orchestrator`,
      trace_id: traceId,
      severity_text: "ERROR",
      stream: "stdout",
    });
  });

  test("lines are found by request id and by event, a worker's too", async () => {
    const query = `${own('stage="1", service="celery-worker"')} | request_id = "${requestId}" | event = "document_processed"`;
    const [found] = await eventually(() => loki(query), hasSome);

    expect(found?.attributes).toMatchObject({ trace_id: traceId, span_id: spanId, severity_text: "WARN" });
  });

  test("a line that is not JSON is kept as it is", async () => {
    const query = `${own('stage="1", service="celery-worker"')} != "event"`;
    const lines = await eventually(() => loki(query), hasSome);

    expect(lines.map(({ line }) => line)).toEqual(["not JSON {at all"]);
  });

  test("a line that Docker cut into pieces arrives whole", async () => {
    await startTalker(
      "long-line",
      { stage: "3", service: "orchestrator" },
      "head -c 40000 /dev/zero | tr '\\0' x; echo end",
    );
    const lines = await eventually(() => loki(own('stage="3"')), hasSome);

    expect(lines.map(({ line }) => line.length)).toEqual([40_003]);
  });

  test("the gateway's line of a request is found by the request's id", async () => {
    const url = `http://127.0.0.1:${services.gateway.hostPort(80)}/api/v1/${sandbox.prefix}/health`;
    const id = `gateway-${requestId}`;
    await eventually(
      async () => (await fetch(url, { headers: { "x-request-id": id } })).status,
      (status) => status === 200,
    );
    const lines = await eventually(() => loki(`${own('service="traefik"')} | request_id = "${id}"`), hasSome);

    expect(lines[0]?.attributes).toMatchObject({ stage: "platform" });
  });

  test("lines of a container that is not the platform's are left alone, ids make no stream", async () => {
    await startTalker("stranger", {}, "echo mine alone");
    await startTalker("after-stranger", { stage: "4", service: "orchestrator" }, "echo come on");
    await eventually(() => loki(own('stage="4"')), hasSome);
    const { data } = await getJson<{ data: string[] }>(
      `http://${services.loki.address}:3100/loki/api/v1/labels`,
    );

    expect(await loki('{container_name=~".+"} |= "mine alone"')).toEqual([]);
    expect(data).toEqual(["container_name", "service", "stage"]);
  });

  test("a line written while Loki is away arrives once, though the collector is replaced meanwhile", async () => {
    await sandbox.stop(services.loki.name);
    await startTalker("patient", { stage: "5", service: "orchestrator" }, "echo I can wait");
    await eventually(() => prometheus("otelcol_exporter_queue_size{exporter=~'otlp_http.*'} > 0"), hasSome);
    await sandbox.stop(services.telemetry.name);
    const telemetry = await sandbox.start(await recorder.resource(CONTAINER, "telemetry-collector"));
    services = {
      ...services,
      telemetry,
      loki: await sandbox.start(await recorder.resource(CONTAINER, "loki-server")),
    };
    await startTalker("late", { stage: "6", service: "orchestrator" }, "echo I am late");
    await eventually(() => loki(own('stage="6"')), hasSome);
    const lines = await eventually(() => loki(own('stage="5"')), hasSome);

    expect(lines.map(({ line }) => line)).toEqual(["I can wait"]);
    expect(await loki(`${own('stage="1", service="celery-worker"')} |= "not JSON"`)).toHaveLength(1);
  });

  test("a span is found by its stage, and by its id", async () => {
    const traces = await eventually(() => searchTempo(services.tempo, '{resource.stage="1"}'), hasSome);
    const trace = await getJson<object>(`http://${services.tempo.address}:3200/api/v2/traces/${traceId}`);

    expect(traces).toContain(traceId);
    expect(JSON.stringify(trace)).toContain("POST /process");
  });

  test("spans are counted, with an example of a trace", async () => {
    await eventually(() => prometheus('traces_spanmetrics_calls_total{stage="1"}'), hasSome);
    const query = 'traces_spanmetrics_latency_bucket{stage="1"}';
    const url = `http://${services.prometheus.address}:9090/api/v1/query_exemplars`;
    const range = { start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000 + 60) };
    const { data } = await eventually(
      () => getJson<{ data: object[] }>(url, { query, ...range }),
      ({ data }) => data.length > 0,
    );

    expect(data).toMatchObject([
      { exemplars: expect.arrayContaining([expect.objectContaining({ labels: { trace_id: traceId } })]) },
    ]);
  });

  test("containers and host are measured under the labels of everything else", async () => {
    const query = `container_memory_usage_total_bytes{container_name="${sandbox.prefix}-cleaning-orchestrator"}`;
    const [found] = await eventually(() => prometheus(query), hasSome);

    expect(found?.metric).toMatchObject({ stage: "1", service: "orchestrator" });
    expect(await eventually(() => prometheus("system_memory_usage_bytes"), hasSome)).not.toEqual([]);
  });

  describe("the platform dashboard", () => {
    const questions = panelsOf(platformDashboard()).flatMap(({ title, targets = [] }) =>
      targets.map((target) => toQuestion(title ?? "", target)),
    );

    test.each(questions)("panel $panel has data: $question", async ({ datasource, question }) => {
      const backends: Readonly<Record<string, (question: string) => Promise<unknown[]>>> = {
        prometheus,
        loki: question.startsWith("{") ? loki : lokiSeries,
        tempo: (query) => searchTempo(services.tempo, query),
      };
      const answer = await eventually(async () => (await backends[datasource]?.(question)) ?? [], hasSome);

      expect(answer).not.toEqual([]);
    });
  });

  /** The series of a counting query. */
  async function lokiSeries(query: string): Promise<unknown[]> {
    const url = `http://${services.loki.address}:3100/loki/api/v1/query`;
    return (await getJson<{ data: { result: unknown[] } }>(url, { query })).data.result;
  }
});

/** A panel's question as Grafana sends it when all stages are chosen, and the datasource that it goes to. */
function toQuestion(panel: string, target: Dataquery) {
  const { datasource, expr, query } = target as Dataquery & {
    readonly datasource: { readonly uid: string };
    readonly expr?: string;
    readonly query?: string;
  };
  const question = (expr ?? query ?? "")
    .replaceAll("$stage", ".+")
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$__auto", "1m");
  return { panel, datasource: datasource.uid, question };
}

function hasSome(answer: readonly unknown[]): boolean {
  return answer.length > 0;
}
