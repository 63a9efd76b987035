import type { Problem } from "../../components/core/errors.ts";
import { jwtVariables, usesIdentity } from "../../components/stage/environment/identity-service.ts";
import { isAtOrBelow, stageRoutes } from "../../components/stage/stage-routes.ts";
import type { PlatformConfig } from "../config/schema.ts";
import { IDENTITY_HOST, IDENTITY_PREFIX, keySecret, runsIdentity } from "../identity.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { hostNames } from "./duplicate-problems.ts";
import { identitySecretProblems } from "./identity-secret-problems.ts";

type Plan = Pick<DeploymentPlan, "stages" | "config">;

/** What routes and services want of an identity service, and what is wrong with it. */
export function identityProblems(plan: Plan): Problem[] {
  const { config } = plan;
  if (config.mode === "standalone") return standaloneProblems(plan);
  if (!config.identity.enabled) return [...routesWithoutIdentity(plan), ...servicesWithoutIdentity(plan)];
  return runsIdentity(config)
    ? [
        ...keyProblems(config),
        ...prefixProblems(plan),
        ...nameProblems(plan),
        ...identitySecretProblems(config),
      ]
    : [...keyProblems(config), ...foreignProblems(plan)];
}

/** A stage that stands alone has no gateway, and nobody beside it. */
function standaloneProblems(plan: Plan): Problem[] {
  const switchedOn = {
    key: "identity.enabled",
    reason: 'got true, in the mode "standalone" there is no gateway that could ask; set it to false',
  };
  return [...(plan.config.identity.enabled ? [switchedOn] : []), ...servicesWithoutIdentity(plan)];
}

function routesWithoutIdentity({ stages }: Plan): Problem[] {
  return stages.flatMap((stage) =>
    stageRoutes(stage)
      .filter(({ route }) => route.authentication === "identity")
      .map(({ field }) => ({
        key: `stages.${stage.name}.${field}.authentication`,
        reason:
          'got "identity", this deployment has no identity service; set identity.enabled to true, or write { basic: "…" } with a list of gateway.users, or "none"',
      })),
  );
}

function servicesWithoutIdentity({ stages }: Plan): Problem[] {
  return services(stages)
    .filter(({ service }) => usesIdentity(service))
    .map(({ key, service }) => ({
      key: `${key}.${service.jwt === undefined ? "identity" : "jwt"}`,
      reason:
        "got a wish for the identity service, this deployment has none; set identity.enabled to true, or remove it",
    }));
}

function keyProblems({ identity }: PlatformConfig): Problem[] {
  const twice = identity.keys.filter((id, index) => identity.keys.indexOf(id) !== index);
  return twice.map((id) => ({
    key: "identity.keys",
    reason: `got "${id}" twice; give each key an id of its own`,
  }));
}

/** The gateway would lead people who log in to the stage, or the stage's clients to the identity service. */
function prefixProblems({ stages }: Plan): Problem[] {
  return stages.flatMap((stage) =>
    stageRoutes(stage)
      .filter(({ route: { prefix, match } }) => {
        const takesIt =
          match === "letters" ? IDENTITY_PREFIX.startsWith(prefix) : isAtOrBelow(IDENTITY_PREFIX, prefix);
        return prefix !== "/" && (takesIt || isAtOrBelow(prefix, IDENTITY_PREFIX));
      })
      .map(({ field, route }) => ({
        key: `stages.${stage.name}.${field}.prefix`,
        reason: `got "${route.prefix}", people log in below "${IDENTITY_PREFIX}"; choose another prefix`,
      })),
  );
}

/** Docker would give one name the requests of both. */
function nameProblems({ stages }: Plan): Problem[] {
  return stages
    .filter((stage) => hostNames(stage).includes(IDENTITY_HOST))
    .map(({ name }) => ({
      key: `stages.${name}`,
      reason: `got the container name or alias "${IDENTITY_HOST}", which the platform's identity service has; choose another, or give identity.address`,
    }));
}

/** What only the platform's own service does, and what it would have given. */
function foreignProblems({ stages, config }: Plan): Problem[] {
  const { address = "", access, image } = config.identity;
  const missing = config.identity.keys.filter((id) => config.secrets[keySecret(id)] === undefined);
  return [
    ...(/^https?:\/\/(localhost|127\.)/.test(address)
      ? [
          {
            key: "identity.address",
            reason: `got "${address}", in the gateway's container localhost is the gateway itself; use the name of the service`,
          },
        ]
      : []),
    ...(access.length === 0
      ? []
      : [
          {
            key: "identity.access",
            reason: `got ${access.length} rules, which the identity service at "${address}" does not know; remove them, and keep such rules there`,
          },
        ]),
    ...(image === undefined
      ? []
      : [
          {
            key: "identity.image",
            reason: `got "${image}" beside an address; remove one of the two`,
          },
        ]),
    ...services(stages)
      .filter(({ service }) => jwtVariables(service) !== undefined)
      .flatMap(({ key }) =>
        missing.map((id) => ({
          key: `${key}.jwt`,
          reason: `got a wish for the keys of tokens, and "${id}" of the identity service at "${address}" is not known; set it with \`npm run secret -- ${keySecret(id)}\` (docs/secrets.md)`,
        })),
      ),
  ];
}

function services(stages: Plan["stages"]) {
  return stages.flatMap((stage) =>
    Object.entries(stage.services).map(([name, service]) => ({
      key: `stages.${stage.name}.services.${name}`,
      service,
    })),
  );
}
