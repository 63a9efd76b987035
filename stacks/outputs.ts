import type { StageDefinition, StoreName } from "../components/stage/definition.ts";
import { type Subscription, subscriptionsOf } from "../components/stage/events.ts";
import {
  containerName,
  containerNames,
  entryName,
  initSqlContainerName,
  internalUrl,
  isEntry,
  routePrefix,
  servicePort,
  stageProject,
  storesOf,
} from "../components/stage/names.ts";
import { metricsOf } from "../components/stage/service-labels.ts";
import { stageRoutes } from "../components/stage/stage-routes.ts";
import { LIMITS } from "./catalog/platform-limits.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { IDENTITY_PREFIX, runsIdentity } from "./identity.ts";
import { standaloneNames, standalonePort } from "./standalone-definition.ts";

/** Where people open things in a browser. */
export interface PlatformUrls {
  /** Absent for a stage that stands alone, like the others. */
  readonly gateway?: string;
  readonly prometheus?: string;
  readonly grafana?: string;
}

/** One row of the table of services. */
export interface ServiceSummary {
  readonly service: string;
  readonly container: string;
  readonly stage?: number;
  /** Whether the container does its work and ends. */
  readonly runsToEnd?: boolean;
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
  /** Address for clients: below the gateway, or on a port of its own for a stage that stands alone. */
  readonly url: string;
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
  /** Addresses of the further routes, by name. */
  readonly routes: Readonly<Record<string, string>>;
  /** Whether anybody is answered through the gateway as the stage itself answers: nobody is asked who they are, and the prefix goes. */
  readonly isOpen: boolean;
  /** The same for whoever has a token of the identity service, and for nobody else. */
  readonly asksForToken: boolean;
  /** Whether a limit of its own takes the place of the platform's. */
  readonly hasOwnRateLimit: boolean;
  /** Whether it answers with the health body of the sources; pages have none. */
  readonly isApi: boolean;
  /** Stores that its containers reach. */
  readonly stores: readonly StoreName[];
  /** Whether metrics of it are collected. */
  readonly hasMetrics: boolean;
  /** The events of others that it takes. */
  readonly subscriptions: readonly SubscriptionSummary[];
}

/** Where a stage takes events, and where those end that it cannot process. */
export type SubscriptionSummary = Pick<
  Subscription,
  "server" | "database" | "stream" | "group" | "deadLetterStream"
>;

/** URLs of the host: the gateway on its address, everything else on this machine. */
export function platformUrls(config: PlatformConfig): PlatformUrls {
  if (config.mode === "standalone") return {};
  const { hostPorts, grafana } = config;
  return {
    gateway: gatewayUrl(config),
    prometheus: url("localhost", hostPorts.prometheus),
    ...(grafana.enabled ? { grafana: url("localhost", hostPorts.grafana) } : {}),
  };
}

function gatewayUrl({ bindAddress, hostPorts, gateway }: PlatformConfig): string {
  const host = bindAddress === "127.0.0.1" || bindAddress === "0.0.0.0" ? "localhost" : bindAddress;
  if (gateway.tls.mode === "off") return url(host, hostPorts.gateway, 80);
  return url(host, hostPorts.gatewayTls, 443).replace("http:", "https:");
}

function url(host: string, port: number, defaultPort?: number): string {
  return port === defaultPort ? `http://${host}` : `http://${host}:${port}`;
}

function stageUrl(stage: StageDefinition, gatewayUrl: string | undefined): string {
  return gatewayUrl === undefined
    ? url("localhost", standalonePort(stage))
    : routeUrl({ prefix: routePrefix(stage), ...stage.route }, gatewayUrl);
}

/** A route of one host has the address of that host, wherever this one listens. */
function routeUrl(
  { prefix, host }: { readonly prefix: string; readonly host?: string },
  gatewayUrl: string,
): string {
  const gateway = new URL(gatewayUrl);
  if (host !== undefined) gateway.hostname = host;
  return `${gateway.origin}${prefix === "/" ? "" : prefix}`;
}

/** At the gateway's own root, `/health` is the gateway's. */
function healthUrl(stage: StageDefinition, gatewayUrl: string | undefined): string {
  const isRoot = gatewayUrl !== undefined && routePrefix(stage) === "/";
  return `${stageUrl(stage, gatewayUrl)}${isRoot ? "/" : "/health"}`;
}

export function stageSummary(
  stage: StageDefinition,
  gatewayUrl: string | undefined,
  peers: readonly StageDefinition[],
): StageSummary {
  const services = Object.entries(stage.services);
  const { authentication = "none", stripPrefix = true, rateLimit } = stage.route ?? {};
  return {
    number: stage.number,
    name: stage.name,
    project: stageProject(stage),
    orchestrator: containerName(stage, entryName(stage)),
    containers: services.flatMap(([name]) => containerNames(stage, name)),
    route: routePrefix(stage),
    url: stageUrl(stage, gatewayUrl),
    healthUrl: healthUrl(stage, gatewayUrl),
    routes: gatewayUrl === undefined ? {} : furtherUrls(stage, gatewayUrl),
    isOpen: gatewayUrl === undefined || (authentication === "none" && stripPrefix),
    asksForToken: gatewayUrl !== undefined && authentication === "identity" && stripPrefix,
    hasOwnRateLimit: rateLimit !== undefined && !SHARED_RATE_LIMITS.has(rateLimit),
    internalUrl: internalUrl(stage),
    internalServices: services.flatMap(([name, service]) => {
      const internalPort = servicePort(service);
      return service.kind === "internal" && internalPort !== undefined
        ? [{ name, container: containerName(stage, name), port: internalPort }]
        : [];
    }),
    processesDocuments: stage.processesDocuments ?? false,
    isApi: services.some(([, { kind }]) => kind === "orchestrator"),
    stores: storesOf(stage),
    hasMetrics: services.some(([, service]) => metricsOf(service) !== undefined),
    subscriptions: subscriptionsOf(stage, peers).map(
      ({ server, database, stream, group, deadLetterStream }) => ({
        server,
        database,
        stream,
        group,
        deadLetterStream,
      }),
    ),
  };
}

/** The limits of the sources (`000-073`, `000-117`). */
const SHARED_RATE_LIMITS: ReadonlySet<unknown> = new Set(["rate-limit", "rate-limit-public"]);

function furtherUrls(stage: StageDefinition, gatewayUrl: string): Record<string, string> {
  const [, ...further] = stageRoutes(stage);
  return Object.fromEntries(
    further.map(({ field, route }) => [field.replace("routes.", ""), routeUrl(route, gatewayUrl)]),
  );
}

/** Rows of a stage: its address stands beside the entry. */
export function stageServices(stage: StageDefinition, gatewayUrl: string | undefined): ServiceSummary[] {
  const services = Object.entries(stage.services).flatMap(([name, service]) =>
    containerNames(stage, name).map((container) => ({
      service: name,
      container,
      stage: stage.number,
      ...(service.kind === "job" ? { runsToEnd: true } : {}),
      ...(isEntry(service) ? { url: stageUrl(stage, gatewayUrl) } : {}),
    })),
  );
  return stage.database?.initSql === undefined ? services : [...services, initSqlService(stage)];
}

function initSqlService(stage: StageDefinition): ServiceSummary {
  return {
    service: "init-sql",
    container: initSqlContainerName(stage),
    stage: stage.number,
    runsToEnd: true,
  };
}

/** Where people log in. */
function identityUrl(config: PlatformConfig): string | undefined {
  const { gateway } = platformUrls(config);
  return gateway === undefined ? undefined : `${gateway}${IDENTITY_PREFIX}`;
}

/** Rows of the platform's own containers, `storytelling-{role}` each (`000-127`). */
export function platformServices(config: PlatformConfig): ServiceSummary[] {
  const urls: Readonly<Record<string, string | undefined>> = {
    traefik: platformUrls(config).gateway,
    ...platformUrls(config),
    identity: identityUrl(config),
  };
  return Object.keys(LIMITS)
    .filter((role) => !isSwitchedOff(role, config))
    .map((role) => {
      const url = urls[role];
      return { service: role, container: `storytelling-${role}`, ...(url === undefined ? {} : { url }) };
    });
}

/** Rows of the stores that a stage has for itself while it stands alone. */
export function standaloneServices(stage: StageDefinition): ServiceSummary[] {
  const { redis, postgres } = standaloneNames(stage);
  return [
    { service: "redis", container: redis },
    { service: "postgres", container: postgres },
  ];
}

/** Images of a stage that stands alone: its stores, and what its own image is built on. */
const STANDALONE_IMAGES: ReadonlySet<string> = new Set(["debian", "redis", "postgres"]);

/** Whether the configuration leaves out the part of the platform that has this name. */
export function isSwitchedOff(role: string, config: PlatformConfig): boolean {
  if (config.mode === "standalone") return !STANDALONE_IMAGES.has(role);
  const optional: Readonly<Record<string, { readonly enabled: boolean }>> = {
    grafana: config.grafana,
    elasticsearch: config.elasticsearch,
    neo4j: config.neo4j,
    identity: { enabled: runsIdentity(config) },
  };
  return optional[role]?.enabled === false;
}
