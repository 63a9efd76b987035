import type { Environment } from "../../core/environment.ts";
import type { JwtVariables, StageService } from "../definition.ts";
import type { StageConnections } from "./connections.ts";

const DEFAULT_NAMES: Required<JwtVariables> = {
  key: "JWT_SECRET_KEY",
  keys: "JWT_SECRET_KEYS",
  algorithm: "JWT_ALGORITHM",
};

/** The names under which the service finds the keys of tokens. None for one that does not check them itself. */
export function jwtVariables({ jwt }: StageService): Required<JwtVariables> | undefined {
  if (jwt === undefined) return undefined;
  return jwt === true ? DEFAULT_NAMES : { ...DEFAULT_NAMES, ...jwt };
}

/** Whether the service has to do with the identity service. */
export function usesIdentity(service: StageService): boolean {
  return service.identity === true || service.jwt !== undefined;
}

/** Where the identity service is, and the keys for a service that declares them; for nobody else (`003-047`, C-15). */
export function identityServiceEnvironment(
  service: StageService,
  { identity }: Pick<StageConnections, "identity">,
): Environment {
  if (identity === undefined || !usesIdentity(service)) return {};
  const names = jwtVariables(service);
  const { keys } = identity;
  return {
    IDENTITY_SERVICE_URL: identity.url,
    ...(names === undefined || keys === undefined
      ? {}
      : { [names.key]: keys.signing, [names.keys]: keys.all, [names.algorithm]: "HS256" }),
  };
}
