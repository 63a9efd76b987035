import { styleText } from "node:util";
import Table from "cli-table3";

/** One service as a person or a script reads it. */
export interface ServiceRow {
  readonly service: string;
  readonly stage?: number;
  readonly container: string;
  /** `healthy`, `running` (it has no health check), `starting`, `unhealthy`, `stopped (137)`, `missing`, … */
  readonly state: string;
  readonly url?: string;
}

export function serviceTable(rows: readonly ServiceRow[]): string {
  const head = ["SERVICE", "CONTAINER", "STATE", "URL"].map((title) => styleText("bold", title));
  // The library's own colours do not ask whether there is a terminal.
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const { service, stage, container, state, url } of rows) {
    table.push([
      stage === undefined ? service : `stage ${stage} ${service}`,
      container,
      paint(state),
      url ?? "",
    ]);
  }
  return table.toString();
}

/** Whether a service in this state does its work. */
export function isUp(state: string): boolean {
  return state === "healthy" || state === "running";
}

function paint(state: string): string {
  if (isUp(state)) return styleText("green", state);
  return styleText(state === "starting" ? "yellow" : "red", state);
}
