import type { StageDefinition } from "../components/stage/definition.ts";
import { entryName, routePrefix } from "../components/stage/names.ts";
import type { StageRoute } from "../components/stage/route.ts";
import type { IdentityCheck } from "../components/traefik/identity.config.ts";
import type { PlatformConfig } from "./config/schema.ts";

/** Where people log in. No stage may have it while the platform runs its own identity service. */
export const IDENTITY_PREFIX = "/api/v1/identity";

/** Secret with the users of the platform's own identity service, as JSON. */
export const USERS_SECRET = "IDENTITY_USERS";

/** Name on the network and address of the platform's own (`003-003`). */
export const IDENTITY_HOST = "identity-service";
export const OWN_ADDRESS = `http://${IDENTITY_HOST}:8001`;

/** Whether the platform runs an identity service itself. */
export function runsIdentity({ identity }: PlatformConfig): boolean {
  return identity.enabled && identity.address === undefined;
}

/** Name of the secret that gives a key. */
export function keySecret(id: string): string {
  return `JWT_SECRET_KEY_${id.toUpperCase().replaceAll("-", "_")}`;
}

/** How the gateway asks. Nothing while identity is off. */
export function identityCheck({ identity }: PlatformConfig): IdentityCheck | undefined {
  if (!identity.enabled) return undefined;
  const {
    address = OWN_ADDRESS,
    path,
    method,
    requestHeaders,
    responseHeaders,
    trustForwardHeader,
  } = identity;
  return { address, path, method, requestHeaders, responseHeaders, trustForwardHeader };
}

/**
 * The stage with a question for a token on every route that does not say otherwise: nothing is open because somebody
 * forgot it. `/health` stays open, for whoever watches the host (`000-066`). Unchanged while identity is off.
 */
export function withIdentity(stage: StageDefinition, { identity }: PlatformConfig): StageDefinition {
  if (!identity.enabled) return stage;
  const route = guarded(stage.route);
  const routes = Object.entries(stage.routes ?? {}).map(([name, given]) => [name, guarded(given)] as const);
  return { ...stage, route, routes: { ...openHealth(stage, route), ...Object.fromEntries(routes) } };
}

function guarded(route: StageRoute = {}): StageRoute {
  return { authentication: "identity", ...route };
}

function openHealth(stage: StageDefinition, main: StageRoute): Readonly<Record<string, StageRoute>> {
  const isApi = stage.services[entryName(stage)]?.kind === "orchestrator";
  // At the gateway's own root, `/health` is the gateway's.
  if (main.authentication !== "identity" || !isApi || routePrefix(stage) === "/") return {};
  const { host, rateLimit, healthPath } = main;
  return {
    health: {
      authentication: "none",
      ...(host === undefined ? {} : { host }),
      ...(rateLimit === undefined ? {} : { rateLimit }),
      ...(healthPath === undefined ? {} : { healthPath }),
    },
  };
}
