import type { Gateway, MetricsDiscovery } from "../core/handles.ts";
import type { Labels } from "../core/labels.ts";
import type { StageDefinition, StageService } from "./definition.ts";
import { isEntry, servicePort, stageProject } from "./names.ts";
import { stageRoutes } from "./stage-routes.ts";

/** Where a container says what it offers. */
export interface Discovery {
  readonly gateway: Gateway;
  readonly metrics: MetricsDiscovery;
}

/** `stage`, `service` and project of every container; the routes on the entry, the target where metrics are. */
export function serviceLabels(
  stage: StageDefinition,
  serviceName: string,
  service: StageService,
  { gateway, metrics }: Discovery,
): Labels {
  const target = metricsOf(service);
  return {
    stage: String(stage.number),
    service: serviceName,
    "com.docker.compose.project": stageProject(stage),
    ...(isEntry(service) ? routeLabels(stage, gateway) : {}),
    ...(target === undefined ? {} : metrics.scrapeLabels({ job: stageProject(stage), ...target })),
  };
}

/** Where the service's metrics are: `/metrics` on the port of an orchestrator, nowhere for others, unless given. */
export function metricsOf(service: StageService): StageService["metrics"] {
  if (service.metrics !== undefined || service.kind !== "orchestrator") return service.metrics;
  const port = servicePort(service);
  return port === undefined ? undefined : { port, path: "/metrics" };
}

/** The container that answers is where the gateway looks for routes. */
function routeLabels(stage: StageDefinition, gateway: Gateway): Labels {
  return Object.fromEntries(
    stageRoutes(stage).flatMap(({ route }) => Object.entries(gateway.routeLabels(route))),
  );
}
