import type { HttpRoute } from "../../core/http-route.ts";
import type { Labels } from "../../core/labels.ts";

/** The labels of a router: which requests it takes, and through which middlewares it leads them to which service. */
export function routerLabels(route: HttpRoute, middlewares: readonly string[]): Labels {
  const router = `traefik.http.routers.${route.name}`;
  return {
    [`${router}.rule`]: routeRule(route),
    [`${router}.priority`]: String(route.priority),
    [`${router}.middlewares`]: middlewares.join(","),
    [`${router}.service`]: route.name,
  };
}

/** The requests of a route, in Traefik's words. */
export function routeRule({ host, ...route }: Pick<HttpRoute, "host" | "prefix" | "match">): string {
  const path = pathRule(route);
  if (host === undefined) return path;
  return `Host(\`${host}\`) && ${path.includes("||") ? `(${path})` : path}`;
}

function pathRule({ prefix, match }: Pick<HttpRoute, "prefix" | "match">): string {
  return match === "letters" || prefix === "/"
    ? `PathPrefix(\`${prefix}\`)`
    : `Path(\`${prefix}\`) || PathPrefix(\`${prefix}/\`)`;
}
