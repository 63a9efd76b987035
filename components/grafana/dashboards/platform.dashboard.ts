import {
  type Dashboard,
  DashboardBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATASOURCES } from "../datasources.config.ts";
import { curves, logCurves, logs, traces, upOrDown } from "../panels.ts";
import * as queries from "../queries.ts";

/** The value of the dashboard's variable, as a regular expression. */
const STAGE = "$stage";

/** Stages and platform on one page: is everything up, how fast, how much, and what do logs and traces say. */
export function platformDashboard(): Dashboard {
  const dashboard = new DashboardBuilder("Storytelling platform")
    .uid("storytelling-platform")
    .description(
      "Every stage and the platform itself. Choose stages above; `platform` is the shared services.",
    )
    .tags(["storytelling"])
    .readonly()
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(stageVariable());
  addServices(dashboard);
  addGateway(dashboard);
  addDocuments(dashboard);
  addResources(dashboard);
  addLogsAndTraces(dashboard);
  return dashboard.build();
}

function stageVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder("stage")
    .label("Stage")
    .datasource(DATASOURCES.prometheus)
    .query({ query: queries.stageValues(), refId: "stage" })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NumericalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ text: "All", value: "$__all" });
}

function addServices(dashboard: DashboardBuilder): void {
  dashboard.withRow(new RowBuilder("Services")).withPanel(
    upOrDown(
      {
        title: "Services",
        description: "Whether a service answers when Prometheus asks for its metrics.",
        width: 24,
      },
      { query: queries.serviceUp(STAGE), legend: "{{container_name}}" },
    ),
  );
}

function addGateway(dashboard: DashboardBuilder): void {
  dashboard
    .withRow(new RowBuilder("Gateway"))
    .withPanel(
      curves(
        {
          title: "Requests",
          description: "Requests per second that the gateway passed to a stage.",
          width: 8,
        },
        "reqps",
        [{ query: queries.gatewayRequestRate(STAGE), legend: "stage {{stage}}" }],
      ),
    )
    .withPanel(
      curves(
        {
          title: "Latency",
          description: "Time within which half and 95 % of the requests were answered.",
          width: 8,
        },
        "s",
        [
          { query: queries.gatewayLatency(STAGE, 0.5), legend: "stage {{stage}} 50 %" },
          { query: queries.gatewayLatency(STAGE, 0.95), legend: "stage {{stage}} 95 %" },
        ],
      ),
    )
    .withPanel(
      curves(
        { title: "Errors", description: "Share of requests that a stage answered with 5xx.", width: 8 },
        "percentunit",
        [{ query: queries.gatewayErrorRatio(STAGE), legend: "stage {{stage}}" }],
      ),
    );
}

function addDocuments(dashboard: DashboardBuilder): void {
  dashboard
    .withRow(new RowBuilder("Documents"))
    .withPanel(
      curves(
        {
          title: "Documents",
          description: "Documents per second that a stage took in, and was done with by outcome.",
          width: 8,
        },
        "ops",
        [
          { query: queries.documentsAccepted(STAGE), legend: "stage {{stage}} accepted" },
          { query: queries.documentsProcessed(STAGE), legend: "stage {{stage}} {{status}}" },
        ],
      ),
    )
    .withPanel(
      curves(
        {
          title: "Waiting documents",
          description: "Documents taken in within the last hour that the workers are not done with.",
          width: 8,
        },
        "short",
        [{ query: queries.documentsWaiting(STAGE), legend: "stage {{stage}}" }],
      ),
    )
    .withPanel(
      curves(
        {
          title: "Processing time",
          description: "Time within which 95 % of the documents were processed.",
          width: 8,
        },
        "s",
        [{ query: queries.processingDuration(STAGE, 0.95), legend: "stage {{stage}}" }],
      ),
    );
}

function addResources(dashboard: DashboardBuilder): void {
  dashboard
    .withRow(new RowBuilder("Resources"))
    .withPanel(
      curves({ title: "CPU", description: "CPUs that a container uses.", width: 8 }, "short", [
        { query: queries.containerCpus(STAGE), legend: "{{container_name}}" },
      ]),
    )
    .withPanel(
      curves(
        {
          title: "Memory",
          description: "Share of its limit that a container uses. At 100 % the kernel kills it.",
          width: 8,
        },
        "percentunit",
        [{ query: queries.containerMemoryRatio(STAGE), legend: "{{container_name}}" }],
      ),
    )
    .withPanel(
      curves(
        {
          title: "Host",
          description: "Share of the host's CPU time, memory and disk that is used.",
          width: 8,
        },
        "percentunit",
        [
          { query: queries.hostCpuRatio(), legend: "CPU" },
          { query: queries.hostMemoryRatio(), legend: "memory" },
          { query: queries.hostDiskRatio(), legend: "disk" },
        ],
      ),
    );
}

function addLogsAndTraces(dashboard: DashboardBuilder): void {
  dashboard
    .withRow(new RowBuilder("Logs and traces"))
    .withPanel(
      logCurves(
        { title: "Log lines", description: "Log lines per second by severity.", width: 12 },
        { query: queries.logRate(STAGE), legend: "{{detected_level}}" },
      ),
    )
    .withPanel(
      traces(
        { title: "Traces", description: "The newest traces in which a stage had a part.", width: 12 },
        queries.tracesOf(STAGE),
      ),
    )
    .withPanel(
      logs(
        { title: "Logs", description: "Log lines; an open line leads to its trace.", width: 24 },
        queries.logLines(STAGE),
      ),
    );
}
