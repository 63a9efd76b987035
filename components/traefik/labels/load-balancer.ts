import type { HttpRoute } from "../../core/http-route.ts";
import type { Labels } from "../../core/labels.ts";
import { responseTimeoutName } from "../response-timeouts.ts";

/** Traefik's names of the ways to share work between replicas. */
const STRATEGIES = { "round-robin": "wrr", "least-busy": "p2c" } as const;

/** The labels of a service: where its containers listen, which of them are well and who gets the next request. */
export function loadBalancerLabels(route: HttpRoute): Labels {
  const loadBalancer = `traefik.http.services.${route.name}.loadbalancer`;
  const { timeout, balancing } = route;
  return {
    [`${loadBalancer}.server.port`]: String(route.port),
    [`${loadBalancer}.healthcheck.path`]: route.health.path,
    [`${loadBalancer}.healthcheck.interval`]: route.health.interval,
    [`${loadBalancer}.healthcheck.timeout`]: route.health.timeout,
    ...(timeout === undefined
      ? {}
      : { [`${loadBalancer}.serverstransport`]: `${responseTimeoutName(timeout)}@file` }),
    ...(balancing === undefined ? {} : { [`${loadBalancer}.strategy`]: STRATEGIES[balancing] }),
    ...(route.sticky === true ? stickyLabels(loadBalancer, route) : {}),
  };
}

/** The cookie is for this route alone, and no script can read it. */
function stickyLabels(loadBalancer: string, { name, prefix }: HttpRoute): Labels {
  const cookie = `${loadBalancer}.sticky.cookie`;
  return {
    [`${cookie}.name`]: name,
    [`${cookie}.path`]: prefix,
    [`${cookie}.httponly`]: "true",
    [`${cookie}.samesite`]: "lax",
  };
}
