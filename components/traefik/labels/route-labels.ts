import type { HttpRoute } from "../../core/http-route.ts";
import type { Labels } from "../../core/labels.ts";
import { GATEWAY_LABEL } from "../static.config.ts";
import { loadBalancerLabels } from "./load-balancer.ts";
import { middlewareChain } from "./middlewares.ts";
import { routerLabels } from "./router.ts";

/** The labels by which the gateway of a network finds a container's route. They belong on the container that answers. */
export function routeLabels(route: HttpRoute, networkName: string): Labels {
  const chain = middlewareChain(route);
  return {
    "traefik.enable": "true",
    [GATEWAY_LABEL]: networkName,
    ...routerLabels(
      route,
      chain.map(({ reference }) => reference),
    ),
    ...Object.fromEntries(chain.flatMap(({ labels }) => Object.entries(labels))),
    ...loadBalancerLabels(route),
  };
}
