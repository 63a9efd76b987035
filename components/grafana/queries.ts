/**
 * What the dashboards ask, each question by its name. `stage` is a regular expression of stage numbers, in a
 * dashboard the variable `$stage`.
 */

/** Range of a rate: wide enough for four scrapes, as narrow as the picture allows. Grafana fills it in. */
const RATE_RANGE = "$__rate_interval";

/** 1 for a service whose metrics are answered, 0 for one whose are not. */
export function serviceUp(stage: string): string {
  return `min by (stage, service, container_name) (up{stage=~"${stage}"})`;
}

/** Requests per second that the gateway passed on, by stage. */
export function gatewayRequestRate(stage: string): string {
  return byStage(
    `sum by (exported_service) (rate(${gatewayMetric("requests_total", stage)}[${RATE_RANGE}]))`,
  );
}

/** Share of requests answered with 5xx, from 0 to 1, by stage. */
export function gatewayErrorRatio(stage: string): string {
  const all = `sum by (exported_service) (rate(${gatewayMetric("requests_total", stage)}[${RATE_RANGE}]))`;
  const failed = `sum by (exported_service) (rate(${gatewayMetric("requests_total", stage, 'code=~"5.."')}[${RATE_RANGE}]))`;
  // A stage without a failed request has no series of failures: its share is zero.
  return byStage(`(${failed} or ${all} * 0) / ${all}`);
}

/** Seconds within which the given share of requests was answered, by stage. */
export function gatewayLatency(stage: string, quantile: number): string {
  const buckets = gatewayMetric("request_duration_seconds_bucket", stage);
  return byStage(
    `histogram_quantile(${quantile}, sum by (exported_service, le) (rate(${buckets}[${RATE_RANGE}])))`,
  );
}

/** Documents per second that a stage took in. */
export function documentsAccepted(stage: string): string {
  return `sum by (stage) (rate(documents_accepted_total{stage=~"${stage}"}[${RATE_RANGE}]))`;
}

/** Documents per second that a stage was done with, by outcome. */
export function documentsProcessed(stage: string): string {
  return `sum by (stage, status) (rate(documents_processed_total{stage=~"${stage}"}[${RATE_RANGE}]))`;
}

/** Documents taken in the last hour that a stage is not done with: those that wait. */
export function documentsWaiting(stage: string): string {
  const inLastHour = (metric: string): string =>
    `sum by (stage) (increase(${metric}{stage=~"${stage}"}[1h]))`;
  const accepted = inLastHour("documents_accepted_total");
  return `clamp_min(round(${accepted} - (${inLastHour("documents_processed_total")} or ${accepted} * 0)), 0)`;
}

/** Seconds within which the given share of documents was processed, by stage. */
export function processingDuration(stage: string, quantile: number): string {
  const buckets = `processing_duration_seconds_bucket{stage=~"${stage}"}`;
  return `histogram_quantile(${quantile}, sum by (stage, le) (rate(${buckets}[${RATE_RANGE}])))`;
}

/** CPUs that a container uses. */
export function containerCpus(stage: string): string {
  return `sum by (container_name) (rate(container_cpu_usage_nanoseconds_total{stage=~"${stage}"}[${RATE_RANGE}])) / 1e9`;
}

/** Share of its memory limit that a container uses, from 0 to 1. */
export function containerMemoryRatio(stage: string): string {
  return `max by (container_name) (container_memory_percent_ratio{stage=~"${stage}"}) / 100`;
}

/** Share of the host's CPU time that is used, from 0 to 1. */
export function hostCpuRatio(): string {
  const time = (filter: string): string => `sum(rate(system_cpu_time_seconds_total${filter}[${RATE_RANGE}]))`;
  return `1 - ${time('{state=~"idle|wait"}')} / ${time("")}`;
}

/** Share of the host's memory that is used, from 0 to 1. */
export function hostMemoryRatio(): string {
  return 'sum(system_memory_usage_bytes{state="used"}) / sum(system_memory_usage_bytes)';
}

/** Share of Docker's disk that is used, from 0 to 1. */
export function hostDiskRatio(): string {
  return 'sum(system_filesystem_usage_bytes{state="used"}) / sum(system_filesystem_usage_bytes{state=~"used|free"})';
}

/** Log lines per second by severity, as Loki understands it. */
export function logRate(stage: string): string {
  return `sum by (detected_level) (rate({stage=~"${stage}"}[${LOG_RANGE}]))`;
}

/** Loki's own name for the step of the picture. */
const LOG_RANGE = "$__auto";

/** Log lines. */
export function logLines(stage: string): string {
  return `{stage=~"${stage}"}`;
}

/** Traces in which a stage had a part. */
export function tracesOf(stage: string): string {
  return `{resource.stage=~"${stage}"}`;
}

/** Values of the dashboards' variable. */
export function stageValues(): string {
  return "label_values(up, stage)";
}

/** The gateway names a stage's service `stage{N}-{name}@docker`; `service` itself is the gateway's own name. */
function gatewayMetric(metric: string, stage: string, filter?: string): string {
  const filters = [`exported_service=~"stage(${stage})-.+"`, ...(filter === undefined ? [] : [filter])];
  return `traefik_service_${metric}{${filters.join(", ")}}`;
}

function byStage(query: string): string {
  return `label_replace(${query}, "stage", "$1", "exported_service", "stage([0-9]+)-.*")`;
}
