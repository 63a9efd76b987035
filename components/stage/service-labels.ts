import type { Gateway, MetricsDiscovery } from "../core/handles.ts";
import type { Labels } from "../core/labels.ts";
import type { StageDefinition, StageService } from "./definition.ts";
import { isEntry, routePrefix, servicePort, stageProject } from "./names.ts";

/** Where a container says what it offers. */
export interface Discovery {
  readonly gateway: Gateway;
  readonly metrics: MetricsDiscovery;
}

/** Health check of the load balancer: 10s / 5s (`000-079`, `000-080`). */
const LOAD_BALANCER_CHECK = { interval: "10s", timeout: "5s" } as const;

/** `stage`, `service` and project of every container; the route on the entry, the target where metrics are. */
export function serviceLabels(
  stage: StageDefinition,
  serviceName: string,
  service: StageService,
  { gateway, metrics }: Discovery,
): Labels {
  const port = servicePort(service);
  const target = metricsOf(service);
  return {
    stage: String(stage.number),
    service: serviceName,
    "com.docker.compose.project": stageProject(stage),
    ...(isEntry(service) && port !== undefined ? routeLabels(stage, gateway, port) : {}),
    ...(target === undefined ? {} : metrics.scrapeLabels({ job: stageProject(stage), ...target })),
  };
}

/** Where the service's metrics are: `/metrics` on the port of an orchestrator, nowhere for others, unless given. */
export function metricsOf(service: StageService): StageService["metrics"] {
  if (service.metrics !== undefined || service.kind !== "orchestrator") return service.metrics;
  const port = servicePort(service);
  return port === undefined ? undefined : { port, path: "/metrics" };
}

function routeLabels(stage: StageDefinition, gateway: Gateway, port: number): Labels {
  return gateway.routeLabels({
    name: stageProject(stage),
    prefix: routePrefix(stage),
    stripName: `strip-stage${stage.number}`,
    priority: stage.route?.priority ?? 100,
    rateLimit: stage.route?.rateLimit ?? "rate-limit",
    port,
    health: { path: stage.route?.healthPath ?? "/health", ...LOAD_BALANCER_CHECK },
  });
}
