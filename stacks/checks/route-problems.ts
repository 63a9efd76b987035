import type { Problem } from "../../components/core/errors.ts";
import type { HttpRoute } from "../../components/core/http-route.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { isAtOrBelow, stageRoutes } from "../../components/stage/stage-routes.ts";

/** Paths that the gateway answers itself (`004-080`, `001-081`). */
const RESERVED = ["/health", "/infrastructure"] as const;

interface OwnedRoute {
  readonly owner: string;
  /** `stages.{name}.route` or `stages.{name}.routes.{route}`. */
  readonly key: string;
  readonly route: HttpRoute;
}

/**
 * Routes of which one hides another. The main route of a stage matches letter by letter, as the sources ask:
 * `/api/v1/nlp` would also answer for `/api/v1/nlp2` (`000-191`).
 */
export function routeProblems(stages: readonly StageDefinition[]): Problem[] {
  const routes = stages.flatMap((stage) =>
    stageRoutes(stage).map(({ field, route }) => ({
      owner: stage.name,
      key: `stages.${stage.name}.${field}`,
      route,
    })),
  );
  return [
    ...routes.flatMap(reservedProblems),
    ...routes.flatMap((one, index) => routes.slice(index + 1).flatMap((other) => pairProblems(one, other))),
  ];
}

function reservedProblems({ key, route }: OwnedRoute): Problem[] {
  return RESERVED.filter((path) => isAtOrBelow(route.prefix, path)).map((path) => ({
    key: `${key}.prefix`,
    reason: `got "${route.prefix}", which the gateway answers itself; choose a prefix that is not "${path}" or below it`,
  }));
}

function pairProblems(one: OwnedRoute, other: OwnedRoute): Problem[] {
  if (!shareHost(one.route, other.route)) return [];
  // The wider one first; of two alike, the one that was there first.
  const [wide, narrow] = matchesAt(one.route, other.route.prefix) ? [one, other] : [other, one];
  if (!matchesAt(wide.route, narrow.route.prefix)) return [];
  return isTerritory(wide, narrow) ? [territoryProblem(wide, narrow)] : priorityProblems(wide, narrow);
}

/** A route without a host takes those of every host. */
function shareHost({ host }: HttpRoute, { host: other }: HttpRoute): boolean {
  return host === undefined || other === undefined || host === other;
}

function matchesAt({ prefix, match }: HttpRoute, path: string): boolean {
  return match === "letters" ? path.startsWith(prefix) : isAtOrBelow(path, prefix);
}

/** What lies below the route of a stage is the stage's own, on the same hosts. `/` is what nobody else takes. */
function isTerritory(wide: OwnedRoute, narrow: OwnedRoute): boolean {
  return wide.owner !== narrow.owner && wide.route.host === narrow.route.host && wide.route.prefix !== "/";
}

function territoryProblem(wide: OwnedRoute, { key, route }: OwnedRoute): Problem {
  return {
    key: `${key}.prefix`,
    reason: `got "${route.prefix}", which the route "${wide.route.prefix}" of stage "${wide.owner}" also matches; choose prefixes of which none begins with another`,
  };
}

/** The narrower route has to be looked at first; of two that match the same path, the one with a host. */
function priorityProblems(wide: OwnedRoute, narrow: OwnedRoute): Problem[] {
  const samePath = wide.route.prefix === narrow.route.prefix;
  if (samePath && wide.route.host === narrow.route.host) return [twiceProblem(wide, narrow)];
  const [upper, lower] = samePath && wide.route.host !== undefined ? [wide, narrow] : [narrow, wide];
  const lead = upper.route.priority - lower.route.priority;
  // A host may be one route's altogether: the other one still answers on every other host.
  const takesHost = lower.route.host !== undefined && upper.route.host === undefined;
  if (lead > 0 || (takesHost && lead < 0)) return [];
  return [
    {
      key: `${upper.key}.priority`,
      reason: `got ${upper.route.priority}, the route ${described(lower.route)} has ${lower.route.priority} and would take its requests; choose a priority above ${lower.route.priority}`,
    },
  ];
}

function twiceProblem(wide: OwnedRoute, narrow: OwnedRoute): Problem {
  return {
    key: `${narrow.key}.prefix`,
    reason: `got ${described(narrow.route)}, which ${wide.key} also has; give each route its own`,
  };
}

function described({ prefix, host }: HttpRoute): string {
  return host === undefined ? `"${prefix}"` : `"${prefix}" of ${host}`;
}
