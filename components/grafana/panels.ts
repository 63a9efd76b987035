import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { BigValueTextMode, ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  MappingType,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsPanel } from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder as PrometheusQuery } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { DataqueryBuilder as TempoQuery } from "@grafana/grafana-foundation-sdk/tempo";
import { PanelBuilder as TimeSeriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCES } from "./datasources.config.ts";

/** What a reader of a panel is told, and how much of a row's 24 columns it takes. */
export interface PanelText {
  readonly title: string;
  /** What the reader sees and what it means. */
  readonly description: string;
  readonly width: 6 | 8 | 12 | 24;
}

/** A query with one curve or value for each series. */
export interface SeriesQuery {
  readonly query: string;
  /** Name of a series in the legend; `{{label}}` stands for a label's value. */
  readonly legend: string;
}

const TALL = 9;
const LOW = 7;

/** Metrics as curves over time. A point of a curve leads to a trace where one was recorded with it. */
export function curves(text: PanelText, unit: string, series: readonly SeriesQuery[]): Builder<Panel> {
  const panel = new TimeSeriesPanel()
    .title(text.title)
    .description(text.description)
    .span(text.width)
    .height(LOW)
    .datasource(DATASOURCES.prometheus)
    .unit(unit)
    .min(0)
    .fillOpacity(10);
  return panel.targets(
    series.map(({ query, legend }, index) => metricsQuery(query, legend, index).range().exemplar(true)),
  );
}

/** The newest value of each series in words: red and "down" at 0, green and "up" at 1. */
export function upOrDown(text: PanelText, { query, legend }: SeriesQuery): Builder<Panel> {
  return new StatPanel()
    .title(text.title)
    .description(text.description)
    .span(text.width)
    .height(LOW)
    .datasource(DATASOURCES.prometheus)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .textMode(BigValueTextMode.ValueAndName)
    .mappings([{ type: MappingType.ValueToText, options: { "0": { text: "down" }, "1": { text: "up" } } }])
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: "red" },
        { value: 1, color: "green" },
      ]),
    )
    .withTarget(metricsQuery(query, legend, 0).instant());
}

/** Log lines as curves of how many there are. */
export function logCurves(text: PanelText, { query, legend }: SeriesQuery): Builder<Panel> {
  return new TimeSeriesPanel()
    .title(text.title)
    .description(text.description)
    .span(text.width)
    .height(TALL)
    .datasource(DATASOURCES.loki)
    .min(0)
    .withTarget(new LokiQuery().refId("A").datasource(DATASOURCES.loki).expr(query).legendFormat(legend));
}

/** Log lines themselves. */
export function logs(text: PanelText, query: string): Builder<Panel> {
  return new LogsPanel()
    .title(text.title)
    .description(text.description)
    .span(text.width)
    .height(TALL)
    .datasource(DATASOURCES.loki)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .withTarget(new LokiQuery().refId("A").datasource(DATASOURCES.loki).expr(query));
}

/** The newest traces, each row leading to its trace. */
export function traces(text: PanelText, query: string): Builder<Panel> {
  return new TablePanel()
    .title(text.title)
    .description(text.description)
    .span(text.width)
    .height(TALL)
    .datasource(DATASOURCES.tempo)
    .withTarget(
      new TempoQuery().refId("A").datasource(DATASOURCES.tempo).queryType("traceql").query(query).limit(20),
    );
}

function metricsQuery(query: string, legend: string, index: number): PrometheusQuery & Builder<Dataquery> {
  return new PrometheusQuery()
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .datasource(DATASOURCES.prometheus)
    .expr(query)
    .legendFormat(legend);
}
