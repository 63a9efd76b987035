import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import type { NetworkHandle } from "../../../components/core/handles.ts";
import { commandProbe } from "../../../components/core/health.ts";
import { ManagedContainer } from "../../../components/core/managed-container.ts";
import { DockerApi } from "../../../components/docker-api/docker-api.ts";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { serviceLabels } from "../../../components/stage/service-labels.ts";
import { Traefik, type TraefikArgs } from "../../../components/traefik/traefik.ts";
import { NOT_HARDENED } from "../../support/hardening.ts";
import { imageOf } from "../../support/images.ts";
import { type Recorder, startMocks } from "../../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../../support/sandbox.ts";
import { until } from "./until.ts";
import { type Echo, upstreamFiles } from "./upstream.ts";

const CONTAINER = "docker:index/container:Container";

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent with its length, or in chunks without one. */
  readonly body?: Buffer;
  readonly isChunked?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What the service says that reached it. Throws when the answer is not the service's. */
  readonly echo: () => Echo;
}

/** A real gateway and real services behind routes of real definitions, for one test file. */
export class RouteScene {
  readonly sandbox = new Sandbox();
  #recorder!: Recorder;
  #network!: NetworkHandle;
  #traefik!: Traefik;
  #gateway!: RunningContainer;
  readonly #replicas = new Map<string, RunningContainer>();

  /** Starts the gateway with what a deployment may set. */
  public async open(
    settings: Pick<TraefikArgs, "requestRates" | "responseTimeout" | "responseTimeouts" | "users">,
  ): Promise<void> {
    this.#recorder = await startMocks();
    this.#network = await this.sandbox.createNetwork("net");
    const opsNetwork = await this.sandbox.createNetwork("ops", { internal: true });
    const dockerApi = new DockerApi("docker-api", {
      containerName: `${this.sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: opsNetwork,
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    this.#traefik = new Traefik("traefik", {
      containerName: `${this.sandbox.prefix}-traefik`,
      image: await imageOf("traefik"),
      network: this.#network,
      opsNetwork,
      dockerApi,
      published: { host: 0, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: { scrapeLabels: () => ({}) },
      ...settings,
    });
    await this.sandbox.start(await this.#recorder.resource(CONTAINER, "docker-api-proxy"));
    this.#gateway = await this.sandbox.start(await this.#recorder.resource(CONTAINER, "traefik-gateway"));
  }

  public async close(): Promise<void> {
    await this.sandbox.close();
  }

  /** Starts one replica of a stage's entry, with the labels that the stage's own container would have. */
  public async startReplica(
    name: string,
    stage: StageDefinition,
    { listensOn = 8000 }: { readonly listensOn?: number } = {},
  ): Promise<void> {
    const [entry] = Object.keys(stage.services);
    if (entry === undefined) throw new Error(`the stage ${stage.name} has no service`);
    const service = stage.services[entry];
    if (service === undefined) throw new Error(`the stage ${stage.name} has no service ${entry}`);
    new ManagedContainer(name, {
      containerName: `${this.sandbox.prefix}-${name}`,
      image: await imageOf("haproxy"),
      ...NOT_HARDENED,
      networks: [{ name: this.#network.name }],
      environment: { REPLICA: name },
      labels: serviceLabels(stage, entry, service, {
        gateway: this.#traefik,
        metrics: { scrapeLabels: () => ({}) },
      }),
      files: upstreamFiles(listensOn),
      health: commandProbe(["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${listensOn}`]),
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    this.#replicas.set(name, await this.sandbox.start(await this.#recorder.resource(CONTAINER, name)));
  }

  /** Waits until a path is answered with a status. */
  public async routed(
    path: string,
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const isRouted = async (): Promise<boolean> => (await this.ask(path, { headers })).status === status;
    await until(`${path} is answered with ${status}\n${await this.logs()}`, isRouted, 30);
  }

  public async logs(): Promise<string> {
    return this.#gateway.logs();
  }

  /** The status that a container of the network is answered with. */
  public async statusFromContainer(name: string, path: string): Promise<number> {
    const script = `exec 3<>/dev/tcp/traefik/80; printf 'GET ${path} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3; head -1 <&3`;
    const container = this.#replicas.get(name);
    const { output } = (await container?.exec(["bash", "-c", script])) ?? { output: "" };
    return Number(output.split(" ")[1]);
  }

  /** One request over a connection of its own. */
  public async ask(
    path: string,
    { method = "GET", headers = {}, body, isChunked }: Ask = {},
  ): Promise<Answer> {
    const sized = body === undefined || isChunked === true ? {} : { "content-length": String(body.length) };
    const options = {
      port: this.#gateway.hostPort(80),
      path,
      method,
      headers: { ...headers, ...sized },
      agent: false,
    };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const echo = (): Echo => JSON.parse(text) as Echo;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, echo });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** The same request so many times, one after the other. */
  public async askTimes(count: number, path: string, options: Ask = {}): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await this.ask(path, options));
    return answers;
  }

  /** The same request so many times at once. */
  public async askAtOnce(count: number, path: string, options: Ask = {}): Promise<Answer[]> {
    return Promise.all(Array.from({ length: count }, async () => this.ask(path, options)));
  }
}

/** `5 × 200, 3 × 429` */
export function statusCounts(answers: readonly Answer[]): string {
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  return [...new Set(statuses)]
    .map((status) => `${statuses.filter((each) => each === status).length} × ${status}`)
    .join(", ");
}
