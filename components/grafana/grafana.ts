import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ConfigFile } from "../core/config-file.ts";
import { DataVolume } from "../core/data-volume.ts";
import type { Environment } from "../core/environment.ts";
import type { HttpServer, MetricsDiscovery, NetworkHandle } from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type PublishedPort, type ResourceLimits } from "../core/managed-container.ts";
import { toYaml } from "../core/yaml.ts";
import { renderDashboardProvider } from "./dashboard-provider.config.ts";
import { renderDatasources } from "./datasources.config.ts";

export interface GrafanaArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** An official `grafana/grafana` image. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** The network of observability. No stage may be on it. */
  readonly network: NetworkHandle;
  /** Where the host listens (`000-143`). */
  readonly published: Omit<PublishedPort, "container">;
  readonly limits: ResourceLimits;
  readonly metrics: MetricsDiscovery;
  /** Datasource of metrics. */
  readonly prometheus: HttpServer;
  /** Datasource of logs. */
  readonly loki: HttpServer;
  /** Datasource of traces. */
  readonly tempo: HttpServer;
  /** Path by which people reach it through a gateway that leaves it in place. The root unless given. */
  readonly publicPath?: string;
}

const ALIAS = "grafana";
const PORT = 3000;
const ADMIN_USER = "admin";
const DATA_PATH = "/var/lib/grafana";
const PROVISIONING_PATH = "/etc/grafana/provisioning";
const DASHBOARDS_PATH = "/etc/grafana/dashboards";
const HOME_PATH = `${DASHBOARDS_PATH}/platform.json`;
const PASSWORD_PATH = "/run/secrets/grafana-admin-password";

/**
 * Grafana with its datasources and dashboards in place. Stateful: what people make in it themselves is in a protected
 * volume, and its administrator's password, which counts at the first start only, is as protected as that.
 */
export class Grafana extends pulumi.ComponentResource implements HttpServer {
  public readonly url: string;
  public readonly adminUser = ADMIN_USER;
  /** Secret. */
  public readonly adminPassword: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:grafana:Grafana", name, {}, opts);
    const data = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    this.adminPassword = this.createAdminPassword(name);
    const server = this.createServer(name, args, data);
    this.url = `http://${ALIAS}:${PORT}`;
    this.ready = [server];
    this.registerOutputs({ url: this.url });
  }

  private createAdminPassword(name: string): pulumi.Output<string> {
    const password = new random.RandomPassword(
      `${name}-admin-password`,
      { length: 24, special: false },
      { parent: this, protect: true },
    );
    return pulumi.secret(password.result);
  }

  private createServer(name: string, args: GrafanaArgs, data: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        // The image's own; its group is the one of root.
        user: { name: "472:0" },
        rootFilesystem: { writable: UPLOADED_FILES },
        environment: {
          GF_SECURITY_ADMIN_USER: ADMIN_USER,
          GF_SECURITY_ADMIN_PASSWORD__FILE: PASSWORD_PATH,
          GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: HOME_PATH,
          GF_USERS_ALLOW_SIGN_UP: "false",
          // Nothing leaves the host, and a start needs nothing from outside.
          GF_ANALYTICS_REPORTING_ENABLED: "false",
          GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
          GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
          GF_PLUGINS_PREINSTALL_DISABLED: "true",
          GF_LOG_LEVEL: "warn",
          ...(args.publicPath === undefined ? {} : subPath(args.publicPath)),
        },
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({
            job: ALIAS,
            port: PORT,
            path: "/metrics",
            network: args.network.name,
          }),
        },
        files: [...provisioningFiles(args), { path: PASSWORD_PATH, content: this.adminPassword }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        ports: [{ ...args.published, container: PORT }],
        health: commandProbe(["wget", "--quiet", "-O", "/dev/null", `http://localhost:${PORT}/api/health`]),
        limits: args.limits,
        stopGraceSeconds: 30,
      },
      { parent: this, dependsOn: [data, ...args.network.ready] },
    );
  }
}

function subPath(path: string): Environment {
  return { GF_SERVER_ROOT_URL: `%(protocol)s://%(domain)s${path}/`, GF_SERVER_SERVE_FROM_SUB_PATH: "true" };
}

function provisioningFiles({ prometheus, loki, tempo }: GrafanaArgs): ConfigFile[] {
  const datasources = renderDatasources({ prometheus: prometheus.url, loki: loki.url, tempo: tempo.url });
  return [
    { path: `${PROVISIONING_PATH}/datasources/storytelling.yaml`, content: toYaml(datasources) },
    {
      path: `${PROVISIONING_PATH}/dashboards/storytelling.yaml`,
      content: toYaml(renderDashboardProvider(DASHBOARDS_PATH)),
    },
    { path: HOME_PATH, content: platformDashboardFile() },
  ];
}

/** Loaded here and not above: the SDK takes a tenth of a second, which a deployment without Grafana does not pay. */
async function platformDashboardFile(): Promise<string> {
  const { platformDashboard } = await import("./dashboards/platform.dashboard.ts");
  const { renderDashboardFile } = await import("./dashboard-file.config.ts");
  return renderDashboardFile(platformDashboard());
}
