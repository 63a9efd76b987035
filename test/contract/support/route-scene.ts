import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import type { ConfigFile } from "../../../components/core/config-file.ts";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { serviceLabels } from "../../../components/stage/service-labels.ts";
import type { Traefik, TraefikArgs } from "../../../components/traefik/traefik.ts";
import { type RunningContainer, Sandbox } from "../../support/sandbox.ts";
import { GatewayScene } from "./gateway-scene.ts";
import { until } from "./until.ts";
import { type Echo, upstreamFiles } from "./upstream.ts";

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

export interface ReplicaOptions {
  /** 8000 unless given. */
  readonly listensOn?: number;
  /** What HAProxy is configured with. A service that does what it is asked unless given. */
  readonly files?: readonly ConfigFile[];
}

/** A real gateway and real services behind routes of real definitions, for one test file. */
export class RouteScene {
  readonly sandbox = new Sandbox();
  #scene!: GatewayScene;
  #traefik!: Traefik;
  #gateway!: RunningContainer;
  readonly #replicas = new Map<string, RunningContainer>();

  /** Starts the gateway with what a deployment may set. */
  public async open(
    settings: Pick<TraefikArgs, "requestRates" | "responseTimeout" | "responseTimeouts" | "users">,
  ): Promise<void> {
    this.#scene = await GatewayScene.open(this.sandbox);
    const { traefik, gateway } = await this.#scene.startGateway("traefik", settings);
    this.#traefik = traefik;
    this.#gateway = gateway;
  }

  /** Port of the host that leads to the gateway. */
  public get port(): number {
    return this.#gateway.hostPort(80);
  }

  public async close(): Promise<void> {
    await this.sandbox.close();
  }

  /** Starts one replica of a stage's entry, with the labels that the stage's own container would have. */
  public async startReplica(
    name: string,
    stage: StageDefinition,
    { listensOn = 8000, files = upstreamFiles(listensOn) }: ReplicaOptions = {},
  ): Promise<void> {
    const [entry] = Object.keys(stage.services);
    if (entry === undefined) throw new Error(`the stage ${stage.name} has no service`);
    const service = stage.services[entry];
    if (service === undefined) throw new Error(`the stage ${stage.name} has no service ${entry}`);
    const labels = serviceLabels(stage, entry, service, {
      gateway: this.#traefik,
      metrics: { scrapeLabels: () => ({}) },
    });
    const environment = { REPLICA: name };
    const options = { files, labels, port: listensOn, environment };
    this.#replicas.set(name, await this.#scene.startService(name, options));
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
      port: this.port,
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
