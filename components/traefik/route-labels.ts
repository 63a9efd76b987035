import type { HttpRoute } from "../core/handles.ts";
import type { Labels } from "../core/labels.ts";
import { GATEWAY_LABEL } from "./static.config.ts";

/** The labels by which the gateway of a network finds a container's route. They belong on the container that answers. */
export function routeLabels(route: HttpRoute, networkName: string): Labels {
  const router = `traefik.http.routers.${route.name}`;
  const loadBalancer = `traefik.http.services.${route.name}.loadbalancer`;
  return {
    "traefik.enable": "true",
    [GATEWAY_LABEL]: networkName,
    [`${router}.rule`]: `PathPrefix(\`${route.prefix}\`)`,
    [`${router}.priority`]: String(route.priority),
    // The order is the sources' (`000-073` to `000-075`).
    [`${router}.middlewares`]: `${route.rateLimit}@file,request-id@file,${route.stripName}`,
    [`${router}.service`]: route.name,
    [`traefik.http.middlewares.${route.stripName}.stripprefix.prefixes`]: route.prefix,
    [`${loadBalancer}.server.port`]: String(route.port),
    [`${loadBalancer}.healthcheck.path`]: route.health.path,
    [`${loadBalancer}.healthcheck.interval`]: route.health.interval,
    [`${loadBalancer}.healthcheck.timeout`]: route.health.timeout,
  };
}
