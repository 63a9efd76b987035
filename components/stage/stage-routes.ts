import type { HttpRoute } from "../core/http-route.ts";
import type { StageDefinition, StageService } from "./definition.ts";
import { entryName, routePrefix, servicePort, stageProject } from "./names.ts";
import type { StageRoute } from "./route.ts";

/** A route with the field of the definition that describes it. */
export interface StageHttpRoute {
  /** `route`, or `routes.{name}` for a further one. */
  readonly field: string;
  readonly route: HttpRoute;
}

/** Every route of a stage, the main one first, complete by the rules of the sources. Throws without an entry. */
export function stageRoutes(stage: StageDefinition): StageHttpRoute[] {
  const main = mainRoute(stage);
  const further = Object.entries(stage.routes ?? {}).map(([name, given]) => ({
    field: `routes.${name}`,
    route: furtherRoute(stage, name, given, main),
  }));
  return [{ field: "route", route: main }, ...further];
}

/** Whether a path lies at another one or below it. */
export function isAtOrBelow(path: string, other: string): boolean {
  return other === "/" || path === other || path.startsWith(`${other}/`);
}

function mainRoute(stage: StageDefinition): HttpRoute {
  const given = stage.route ?? {};
  const prefix = routePrefix(stage);
  return {
    ...commonFields(stage, given),
    name: stageProject(stage),
    prefix,
    match: "letters",
    priority: given.priority ?? (prefix === "/" ? 1 : 100),
    ...strip(`strip-stage${stage.number}`, prefix, given.stripPrefix ?? true),
  };
}

/** Its rule is not the sources', so that it can be exact: a route without authentication must not take more than it says. */
function furtherRoute(stage: StageDefinition, name: string, given: StageRoute, main: HttpRoute): HttpRoute {
  const prefix = given.prefix ?? `${main.prefix === "/" ? "" : main.prefix}/${name}`;
  const isBelow = isAtOrBelow(prefix, main.prefix);
  const isStripped = given.stripPrefix ?? (!isBelow || main.strip !== undefined);
  return {
    ...commonFields(stage, given),
    name: `${main.name}-${name}`,
    prefix,
    match: "segments",
    priority: given.priority ?? main.priority + segments(prefix),
    ...strip(`strip-stage${stage.number}-${name}`, isBelow ? main.prefix : prefix, isStripped),
  };
}

function commonFields(stage: StageDefinition, given: StageRoute) {
  const {
    prefix: _,
    stripPrefix: __,
    priority: ___,
    healthPath,
    healthInterval,
    healthTimeout,
    ...behaviour
  } = given;
  const entry = stage.services[entryName(stage)] as StageService;
  return {
    // Pages are framed and sniffed by browsers; the chain of an API is the sources' (`000-073` to `000-075`).
    ...(entry.kind === "frontend" ? { securityHeaders: true } : {}),
    rateLimit: "rate-limit",
    ...behaviour,
    port: servicePort(entry) as number,
    health: {
      path: healthPath ?? "/health",
      interval: healthInterval ?? "10s",
      timeout: healthTimeout ?? "5s",
    },
  } as const;
}

/** Of `/` nothing can be taken away. */
function strip(name: string, prefix: string, isStripped: boolean): Pick<HttpRoute, "strip"> {
  return isStripped && prefix !== "/" ? { strip: { name, prefix } } : {};
}

function segments(path: string): number {
  return path.split("/").filter((segment) => segment !== "").length;
}
