import * as pulumi from "@pulumi/pulumi";
import type { HttpServer, NetworkHandle } from "../components/core/handles.ts";
import { ADMIN_PREFIX, type AdminPage } from "../components/traefik/admin-pages.config.ts";
import type { UserLists } from "../components/traefik/basic-auth.ts";
import type { AcmeCertificate, GatewayTls } from "../components/traefik/gateway-tls.ts";
import type { TraefikArgs } from "../components/traefik/traefik.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { isSwitchedOff } from "./outputs.ts";

/** Services that administrators reach through the gateway, beside its own API. */
export type AdminService = "prometheus" | "grafana";

/** Where the gateway leads administrators to a service. */
export function adminPath(service: AdminService): string {
  return `${ADMIN_PREFIX}/${service}`;
}

/** What everybody needs, so that the platform is not well without it: the name of each check, and the container. */
export function healthServices(config: PlatformConfig): Readonly<Record<string, string>> {
  const stores = ["redis-broker", "redis-cache", "postgres", "elasticsearch", "neo4j"];
  const running = stores.filter((store) => !isSwitchedOff(store, config));
  return {
    gateway: "storytelling-traefik",
    ...Object.fromEntries(running.map((store) => [store, `storytelling-${store}`])),
  };
}

/** What the configuration changes of the gateway's entrance. */
export function gatewayEntrance(
  config: PlatformConfig,
  services: Readonly<Partial<Record<AdminService, HttpServer>>>,
  network: NetworkHandle,
): Pick<
  TraefikArgs,
  "published" | "tls" | "admin" | "users" | "requestRates" | "responseTimeouts" | "trustedProxies"
> {
  const { bindAddress, hostPorts, gateway } = config;
  const tls = gatewayTls(config);
  return {
    published: { host: hostPorts.gateway, address: bindAddress },
    ...(tls === undefined ? {} : { tls }),
    ...(gateway.admin === undefined
      ? {}
      : { admin: { users: gateway.admin, pages: adminPages(services), network } }),
    users: userLists(config),
    requestRates: gateway.rateLimits,
    responseTimeouts: gateway.timeouts,
    trustedProxies: gateway.trustedProxies,
  };
}

/** The lists of users that routes may ask for. */
function userLists(config: PlatformConfig): UserLists {
  return Object.fromEntries(
    Object.entries(config.gateway.users).map(([list, name]) => [list, secretOf(config, name)]),
  );
}

function adminPages({
  prometheus,
  grafana,
}: Readonly<Partial<Record<AdminService, HttpServer>>>): AdminPage[] {
  return [
    ...(prometheus === undefined ? [] : [{ name: "prometheus", url: prometheus.url, keepsPrefix: false }]),
    // Grafana answers below the prefix itself, or its pages would load nothing.
    ...(grafana === undefined ? [] : [{ name: "grafana", url: grafana.url, keepsPrefix: true }]),
  ];
}

function gatewayTls(config: PlatformConfig): GatewayTls | undefined {
  const { tls } = config.gateway;
  if (tls.mode === "off") return undefined;
  const published = { host: config.hostPorts.gatewayTls, address: config.bindAddress };
  if (tls.mode === "acme") return { published, certificate: acmeCertificate(tls, config) };
  const { certificate, key } = tls;
  return { published, certificate: { kind: "file", certificate, key: secretOf(config, key) } };
}

type AcmeSettings = Extract<PlatformConfig["gateway"]["tls"], { readonly mode: "acme" }>;

function acmeCertificate(settings: AcmeSettings, config: PlatformConfig): AcmeCertificate {
  const { email, directory, domains, authority, challenge } = settings;
  return {
    kind: "acme",
    email,
    directory,
    domains,
    challenge,
    ...(authority === undefined ? {} : { authority }),
    ...(challenge.type === "dns-01" ? { environment: providerEnvironment(challenge, config) } : {}),
    volumeName: "storytelling-traefik-certificates",
  };
}

function providerEnvironment(
  { secretEnvironment }: Extract<AcmeSettings["challenge"], { readonly type: "dns-01" }>,
  config: PlatformConfig,
) {
  const entries = Object.entries(secretEnvironment);
  return Object.fromEntries(entries.map(([variable, name]) => [variable, secretOf(config, name ?? "")]));
}

/** A secret of the configuration. The checks have seen that it is there. */
function secretOf({ secrets }: PlatformConfig, name: string): pulumi.Output<string> {
  return pulumi.secret(secrets[name] ?? "");
}
