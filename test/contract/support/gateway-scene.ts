import type { ConfigFile } from "../../../components/core/config-file.ts";
import type { NetworkHandle } from "../../../components/core/handles.ts";
import { commandProbe } from "../../../components/core/health.ts";
import { ManagedContainer } from "../../../components/core/managed-container.ts";
import { DockerApi } from "../../../components/docker-api/docker-api.ts";
import { Traefik, type TraefikArgs } from "../../../components/traefik/traefik.ts";
import { NOT_HARDENED } from "../../support/hardening.ts";
import { imageOf } from "../../support/images.ts";
import { type Recorder, type RegisteredResource, startMocks } from "../../support/mocks.ts";
import type { RunningContainer, Sandbox } from "../../support/sandbox.ts";

const CONTAINER = "docker:index/container:Container";
const LIMITS = { cpus: 0.5, memory: "64 MB" } as const;

/** A service that answers with what it was asked: path, forwarded headers, and whether somebody logged in. */
const ECHO_CONFIG = `
global
  hard-stop-after 100ms
  tune.bufsize 131072
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend echo
  bind :8000
  http-request return status 200 content-type application/json lf-string '{"path":"%[path]","for":"%[req.fhdr(x-forwarded-for)]","proto":"%[req.fhdr(x-forwarded-proto)]","host":"%[req.fhdr(x-forwarded-host)]","real":"%[req.fhdr(x-real-ip)]","authorization":"%[req.hdr(authorization)]","logged":"%[req.fhdr(x-request-path)]"}'
`;

export interface ServiceOptions {
  readonly files: readonly ConfigFile[];
  readonly labels: Readonly<Record<string, string>>;
  /** 8000 unless given. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A real gateway on networks of its own, with what it needs to find routes. */
export class GatewayScene {
  public readonly sandbox: Sandbox;
  public readonly network: NetworkHandle;
  public readonly opsNetwork: NetworkHandle;
  public readonly dockerApi: DockerApi;
  readonly #recorder: Recorder;

  private constructor(
    sandbox: Sandbox,
    recorder: Recorder,
    parts: Pick<GatewayScene, "network" | "opsNetwork" | "dockerApi">,
  ) {
    this.sandbox = sandbox;
    this.#recorder = recorder;
    this.network = parts.network;
    this.opsNetwork = parts.opsNetwork;
    this.dockerApi = parts.dockerApi;
  }

  public static async open(sandbox: Sandbox): Promise<GatewayScene> {
    const recorder = await startMocks();
    const network = await sandbox.createNetwork("net");
    const opsNetwork = await sandbox.createNetwork("ops", { internal: true });
    const dockerApi = new DockerApi("docker-api", {
      containerName: `${sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: opsNetwork,
      limits: LIMITS,
    });
    await sandbox.start(await recorder.resource(CONTAINER, "docker-api-proxy"));
    return new GatewayScene(sandbox, recorder, { network, opsNetwork, dockerApi });
  }

  /** What the program declared. */
  public declared(name: string): Promise<RegisteredResource> {
    return this.#recorder.resource(CONTAINER, name);
  }

  /** A gateway, as the program declares it, running. */
  public async startGateway(
    name: string,
    args: Partial<TraefikArgs>,
  ): Promise<{ readonly traefik: Traefik; readonly gateway: RunningContainer }> {
    const traefik = new Traefik(name, {
      containerName: `${this.sandbox.prefix}-${name}`,
      image: await imageOf("traefik"),
      network: this.network,
      opsNetwork: this.opsNetwork,
      dockerApi: this.dockerApi,
      published: { host: 0, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: { scrapeLabels: () => ({}) },
      ...args,
    });
    const gateway = await this.sandbox.start(await this.declared(`${name}-gateway`));
    return { traefik, gateway };
  }

  /** A service that answers with what it was asked, behind the prefix `/api/v1/<name>` unless another is given. */
  public async startEcho(
    traefik: Traefik,
    name: string,
    prefix = `/api/v1/${name}`,
  ): Promise<RunningContainer> {
    const labels = traefik.routeLabels({
      name: `${name}-${this.sandbox.prefix}`,
      prefix,
      match: "letters",
      strip: { name: `strip-${name}-${this.sandbox.prefix}`, prefix },
      priority: 100,
      rateLimit: "rate-limit",
      port: 8000,
      health: { path: "/health", interval: "1s", timeout: "500ms" },
    });
    return this.startHaproxy(name, ECHO_CONFIG, labels);
  }

  /** HAProxy with this configuration, found under its name by everybody on the network. */
  public async startHaproxy(
    name: string,
    config: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<RunningContainer> {
    const files = [{ path: "/usr/local/etc/haproxy/haproxy.cfg", content: config }];
    return this.startService(name, { files, labels });
  }

  /** The same from these files, listening on a port. */
  public async startService(
    name: string,
    { files, labels, port = 8000, environment = {} }: ServiceOptions,
  ): Promise<RunningContainer> {
    new ManagedContainer(name, {
      containerName: `${this.sandbox.prefix}-${name}`,
      image: await imageOf("haproxy"),
      ...NOT_HARDENED,
      networks: [{ name: this.network.name, aliases: [name] }],
      labels,
      files,
      environment,
      health: commandProbe(["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`], {
        interval: "1s",
        timeout: "1s",
        retries: 5,
        startPeriod: "5s",
      }),
      limits: LIMITS,
    });
    return this.sandbox.start(await this.declared(name));
  }
}

/** The lines of a gateway's log that tell about a request, and nothing that is no JSON. */
export async function accessLines(gateway: RunningContainer): Promise<Record<string, unknown>[]> {
  const lines = (await gateway.logs()).split("\n").filter((line) => line !== "");
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => "RequestMethod" in line);
}
