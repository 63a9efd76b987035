import type { Problem } from "../../core/errors.ts";
import { toMilliseconds } from "../../core/units.ts";
import type { StageDefinition } from "../definition.ts";
import type { StageRoute } from "../route.ts";

/** Every route of a stage as its definition has it, by its field. */
function givenRoutes({ route, routes = {} }: StageDefinition): (readonly [string, StageRoute])[] {
  return [
    ["route", route ?? {}] as const,
    ...Object.entries(routes).map(([name, given]) => [`routes.${name}`, given] as const),
  ];
}

/** What is wrong with the routes of a stage, each by itself. Routes that hide each other are for the deployment. */
export function routeProblems(stage: StageDefinition): Problem[] {
  return givenRoutes(stage).flatMap(([field, route]) => {
    const key = `stages.${stage.name}.${field}`;
    return [
      ...corsProblems(key, route),
      ...breakerProblems(key, route),
      ...healthProblems(key, route),
      ...rootProblems(key, route),
    ];
  });
}

/** Any page of the world could act as its reader (`003-077`); browsers refuse it, too. */
function corsProblems(key: string, { cors }: StageRoute): Problem[] {
  if (cors === undefined || !cors.origins.includes("*")) return [];
  if (cors.credentials === true) {
    return [
      {
        key: `${key}.cors.credentials`,
        reason: 'got true together with the origin "*"; name the origins that may send passwords and cookies',
      },
    ];
  }
  if (cors.origins.length === 1) return [];
  return [
    {
      key: `${key}.cors.origins`,
      reason: `got ${JSON.stringify(cors.origins)}, and "*" is every origin; name them, or keep "*" alone`,
    },
  ];
}

function breakerProblems(key: string, { circuitBreaker }: StageRoute): Problem[] {
  if (circuitBreaker === undefined) return [];
  const { networkErrors, serverErrors, latency } = circuitBreaker;
  if ([networkErrors, serverErrors, latency].some((threshold) => threshold !== undefined)) return [];
  return [
    {
      key: `${key}.circuitBreaker`,
      reason: "got no threshold, it would never open; give networkErrors, serverErrors or latency",
    },
  ];
}

/** Between two probes the gateway has the answer of the first, or none. */
function healthProblems(
  key: string,
  { healthInterval = "10s", healthTimeout = "5s" }: StageRoute,
): Problem[] {
  if (toMilliseconds(healthTimeout) < toMilliseconds(healthInterval)) return [];
  return [
    {
      key: `${key}.healthTimeout`,
      reason: `got "${healthTimeout}", the health is asked every ${healthInterval}; choose a shorter timeout or a longer healthInterval`,
    },
  ];
}

/** Above it, such a route would answer for every stage that is stopped or starting, instead of the 503 that says so. */
function rootProblems(key: string, { prefix, host, priority = 1 }: StageRoute): Problem[] {
  if (prefix !== "/" || host !== undefined || priority === 1) return [];
  return [
    {
      key: `${key}.priority`,
      reason: `got ${priority}, a route at "/" takes what no other takes and has 1; remove it, or give the route a host`,
    },
  ];
}
