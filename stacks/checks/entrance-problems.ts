import type { Problem } from "../../components/core/errors.ts";
import type { PlatformConfig } from "../config/schema.ts";
import { certificateProblems } from "./certificate-problems.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { missingSecret, unknownName } from "./named-values.ts";

/** What is wrong with the entrance of the gateway: TLS, and who may open the pages of administrators. */
export function entranceProblems({ config }: Pick<DeploymentPlan, "config">, now = new Date()): Problem[] {
  if (config.mode === "standalone") return standaloneProblems(config);
  return [...certificateProblems(config, now), ...acmeProblems(config), ...adminProblems(config)];
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
  const { admin, users } = config.gateway;
  if (admin === undefined) return [];
  return [
    ...unprotectedPasswords(config),
    ...unknownName("gateway.admin", admin, Object.keys(users), "gateway.users"),
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
