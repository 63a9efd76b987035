import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { routePrefix } from "../../components/stage/names.ts";
import { ADMIN_PREFIX } from "../../components/traefik/admin-pages.config.ts";
import type { PlatformConfig } from "../config/schema.ts";
import { certificateProblems } from "./certificate-problems.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** Paths that the gateway answers itself. */
const RESERVED_PATHS = [ADMIN_PREFIX, "/health"];

const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** What is wrong with the entrance, or with a stage that wants a path of it. */
export function gatewayProblems({ config, stages }: DeploymentPlan, now = new Date()): Problem[] {
  if (config.mode === "standalone") return standaloneProblems(config);
  return [
    ...stages.flatMap(reservedPathProblems),
    ...certificateProblems(config, now),
    ...acmeProblems(config),
    ...adminProblems(config),
  ];
}

function reservedPathProblems(stage: StageDefinition): Problem[] {
  const prefix = routePrefix(stage);
  return RESERVED_PATHS.filter((path) => prefix === path || prefix.startsWith(`${path}/`)).map((path) => ({
    key: `stages.${stage.name}.route.prefix`,
    reason: `got "${prefix}", and "${path}" is the gateway's own (001-081); choose another`,
  }));
}

function standaloneProblems({ gateway: { tls } }: PlatformConfig): Problem[] {
  if (tls.mode === "off") return [];
  return [
    {
      key: "gateway.tls.mode",
      reason: `got "${tls.mode}", in the mode "standalone" there is no gateway; set it to "off"`,
    },
  ];
}

function acmeProblems({ gateway: { tls }, secrets }: PlatformConfig): Problem[] {
  if (tls.mode !== "acme") return [];
  const { challenge, domains } = tls;
  if (challenge.type === "http-01") {
    return domains
      .filter((domain) => domain.startsWith("*."))
      .map((domain) => ({
        key: "gateway.tls.domains",
        reason: `got "${domain}", no server gives a wildcard for the challenge "http-01"; use "dns-01", or name the domains`,
      }));
  }
  return Object.entries(challenge.secretEnvironment).flatMap(([variable, name]) =>
    missingSecret(`gateway.tls.challenge.secretEnvironment.${variable}`, name ?? "", secrets),
  );
}

function adminProblems(config: PlatformConfig): Problem[] {
  const { admin } = config.gateway;
  if (admin === undefined) return [];
  return [
    ...unprotectedPasswords(config),
    ...Object.entries(admin.users).flatMap(([user, name = ""]) => {
      const missing = missingSecret(`gateway.admin.users.${user}`, name, config.secrets);
      if (missing.length > 0 || BCRYPT.test(config.secrets[name] ?? "")) return missing;
      return [
        {
          key: `secrets.${name}`,
          reason: `got a secret value, which is no bcrypt hash; make one with \`htpasswd -nB ${user}\` and give the part after the colon`,
        },
      ];
    }),
  ];
}

/** A password that is sent with every request must not cross a network in the clear. */
function unprotectedPasswords({ bindAddress, gateway }: PlatformConfig): Problem[] {
  const isProtected = gateway.tls.mode !== "off" || gateway.trustedProxies.length > 0;
  if (isProtected || bindAddress.startsWith("127.")) return [];
  return [
    {
      key: "gateway.admin",
      reason: `got users while the gateway listens on ${bindAddress} without TLS; set gateway.tls, name the proxy that ends TLS in gateway.trustedProxies, or set bindAddress to 127.0.0.1`,
    },
  ];
}

function missingSecret(key: string, name: string, secrets: PlatformConfig["secrets"]): Problem[] {
  if (secrets[name] !== undefined) return [];
  return [
    {
      key,
      reason: `got "${name}", which has no value; set it with \`pulumi config set --secret --path 'storytelling:secrets.${name}'\``,
    },
  ];
}
