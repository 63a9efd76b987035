import { NO_HEALTH_CHECK_LABEL, RUNS_TO_END_LABEL } from "../../components/core/owner-labels.ts";
import { type ContainerInputs, labelOf } from "../resource.ts";

/** A container of which nobody knows whether it works. */
export function healthCheckProblems(container: ContainerInputs): string[] {
  const { name, healthcheck } = container;
  const [first = "NONE"] = healthcheck?.tests ?? [];
  if (first !== "NONE" || labelOf(container, RUNS_TO_END_LABEL) === "true") return [];
  if ((labelOf(container, NO_HEALTH_CHECK_LABEL) ?? "").trim() !== "") return [];
  return [
    `${name} has no health check; add one, or write the reason into the label ${NO_HEALTH_CHECK_LABEL}`,
  ];
}
