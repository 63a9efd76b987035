import type Docker from "dockerode";
import type { ServiceSummary } from "../../stacks/outputs.ts";
import type { ServiceRow } from "../ui/service-table.ts";

/** The state of each service, from one look at Docker's list of containers. */
export async function serviceRows(
  docker: Docker,
  services: readonly ServiceSummary[],
): Promise<ServiceRow[]> {
  const containers = await docker.listContainers({ all: true });
  return services.map((service) => {
    const container = containers.find(({ Names }) => Names.includes(`/${service.container}`));
    return { ...service, state: container === undefined ? "missing" : serviceState(service, container) };
  });
}

/** A service that runs to its end is done then, and not stopped. */
function serviceState({ runsToEnd }: ServiceSummary, container: Docker.ContainerInfo): string {
  const state = describeState(container);
  return runsToEnd === true && state === "stopped (0)" ? "done" : state;
}

/** One word for a container's state and health, and the exit code of one that ended. */
export function describeState({ State, Status }: Pick<Docker.ContainerInfo, "State" | "Status">): string {
  if (State === "running") {
    if (Status.includes("(healthy)")) return "healthy";
    if (Status.includes("(unhealthy)")) return "unhealthy";
    return Status.includes("health: starting") ? "starting" : "running";
  }
  const exitCode = /\((\d+)\)/.exec(Status)?.[1];
  return State === "exited" ? `stopped (${exitCode ?? "?"})` : State;
}
