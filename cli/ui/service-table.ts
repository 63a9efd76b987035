import { styleText } from "node:util";
import { table } from "./table.ts";

/** One service as a person or a script reads it. */
export interface ServiceRow {
  readonly service: string;
  readonly stage?: number;
  readonly container: string;
  /** `healthy`, `running` (it has no health check), `done` (it ran to its end), `starting`, `unhealthy`, `stopped (137)`, `missing`, … */
  readonly state: string;
  readonly url?: string;
}

export function serviceTable(rows: readonly ServiceRow[]): string {
  return table(
    ["SERVICE", "CONTAINER", "STATE", "URL"],
    rows.map(({ service, stage, container, state, url }) => [
      stage === undefined ? service : `stage ${stage} ${service}`,
      container,
      paint(state),
      url ?? "",
    ]),
  );
}

/** Whether a service in this state does its work, or has done it. */
export function isUp(state: string): boolean {
  return state === "healthy" || state === "running" || state === "done";
}

function paint(state: string): string {
  if (isUp(state)) return styleText("green", state);
  return styleText(state === "starting" ? "yellow" : "red", state);
}
