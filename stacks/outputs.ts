import type { StageDefinition } from "../components/stage/definition.ts";
import {
  containerName,
  orchestratorName,
  routePrefix,
  servicePort,
  stageProject,
} from "../components/stage/names.ts";
import { LIMITS } from "./catalog/platform-limits.ts";
import type { PlatformConfig } from "./config/schema.ts";

/** Where people open things in a browser. */
export interface PlatformUrls {
  readonly gateway: string;
  readonly prometheus: string;
  readonly grafana?: string;
}

/** One row of the table of services. */
export interface ServiceSummary {
  readonly service: string;
  readonly container: string;
  readonly stage?: number;
  readonly url?: string;
}

/** What others need to know of an attached stage. */
export interface StageSummary {
  readonly number: number;
  readonly name: string;
  readonly project: string;
  readonly orchestrator: string;
  readonly containers: readonly string[];
  readonly route: string;
  /** Health through the gateway (`000-066`). */
  readonly healthUrl: string;
  /** Address for other stages (`000-154`). */
  readonly internalUrl: string;
  readonly internalServices: readonly {
    readonly name: string;
    readonly container: string;
    readonly port: number;
  }[];
  readonly processesDocuments: boolean;
}

/** URLs of the host, on the address on which the ports are bound. */
export function platformUrls({ bindAddress, hostPorts, grafana }: PlatformConfig): PlatformUrls {
  const host = bindAddress === "127.0.0.1" || bindAddress === "0.0.0.0" ? "localhost" : bindAddress;
  return {
    gateway: url(host, hostPorts.gateway, 80),
    prometheus: url(host, hostPorts.prometheus),
    ...(grafana.enabled ? { grafana: url(host, hostPorts.grafana) } : {}),
  };
}

function url(host: string, port: number, defaultPort?: number): string {
  return port === defaultPort ? `http://${host}` : `http://${host}:${port}`;
}

export function stageSummary(stage: StageDefinition, gatewayUrl: string): StageSummary {
  const orchestrator = orchestratorName(stage);
  const services = Object.entries(stage.services);
  const port = servicePort(stage.services[orchestrator] as StageDefinition["services"][string]);
  return {
    number: stage.number,
    name: stage.name,
    project: stageProject(stage),
    orchestrator: containerName(stage, orchestrator),
    containers: services.map(([name]) => containerName(stage, name)),
    route: routePrefix(stage),
    healthUrl: `${gatewayUrl}${routePrefix(stage)}/health`,
    internalUrl: `http://${containerName(stage, orchestrator)}:${port}`,
    internalServices: services.flatMap(([name, service]) => {
      const internalPort = servicePort(service);
      return service.kind === "internal" && internalPort !== undefined
        ? [{ name, container: containerName(stage, name), port: internalPort }]
        : [];
    }),
    processesDocuments: stage.processesDocuments ?? false,
  };
}

/** Rows of a stage: the route stands beside the orchestrator. */
export function stageServices(stage: StageDefinition, gatewayUrl: string): ServiceSummary[] {
  return Object.entries(stage.services).map(([name, service]) => ({
    service: name,
    container: containerName(stage, name),
    stage: stage.number,
    ...(service.kind === "orchestrator" ? { url: `${gatewayUrl}${routePrefix(stage)}` } : {}),
  }));
}

/** Rows of the platform's own containers, `storytelling-{role}` each (`000-127`). */
export function platformServices(config: PlatformConfig): ServiceSummary[] {
  const urls: Readonly<Record<string, string | undefined>> = {
    traefik: platformUrls(config).gateway,
    ...platformUrls(config),
  };
  return Object.keys(LIMITS)
    .filter((role) => role !== "grafana" || config.grafana.enabled)
    .map((role) => {
      const url = urls[role];
      return { service: role, container: `storytelling-${role}`, ...(url === undefined ? {} : { url }) };
    });
}
