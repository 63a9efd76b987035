import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import type { NetworkHandle } from "../../../components/core/handles.ts";
import { commandProbe } from "../../../components/core/health.ts";
import type { HttpRoute } from "../../../components/core/http-route.ts";
import { ManagedContainer } from "../../../components/core/managed-container.ts";
import { DockerApi } from "../../../components/docker-api/docker-api.ts";
import { Identity } from "../../../components/identity/identity.ts";
import { Traefik } from "../../../components/traefik/traefik.ts";
import { parseConfig } from "../../../stacks/config/load.ts";
import { IDENTITY_PREFIX, identityCheck } from "../../../stacks/identity.ts";
import { NOT_HARDENED } from "../../support/hardening.ts";
import { imageOf } from "../../support/images.ts";
import { type Recorder, startMocks } from "../../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../../support/sandbox.ts";
import { until } from "./until.ts";

const CONTAINER = "docker:index/container:Container";
const SERVICE_FOLDER = join(import.meta.dirname, "..", "..", "..", "examples", "identity");

export const PASSWORD = "correct horse battery";
export const KEYS = { "2026-10": "o".repeat(32), "2026-11": "n".repeat(32) } as const;

/** A stage that tells which user it was told, and the names of all headers; `/fail` is its own mistake. */
const ECHO_CONFIG = `
global
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend echo
  bind :8000
  http-request return status 500 if { path /fail }
  http-request return status 200 content-type application/json lf-string '{"user":"%[req.fhdr(x-user-id)]","roles":"%[req.fhdr(x-user-roles)]","names":"%[req.hdr_names]"}'
`;

/** What a client got. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/**
 * The gateway and the identity service as the program declares them, with two stages: `graph`, whose route asks for a
 * token, and `public`, whose route does not. Ada reads and edits, Olga owns; only owners may POST to `graph/locked`.
 */
export class IdentityScene {
  readonly #sandbox = new Sandbox();
  readonly #image = `storytelling-test/identity:${this.#sandbox.prefix}`;
  readonly #volumeName = this.#sandbox.volumeName("identity");
  #recorder!: Recorder;
  #network!: NetworkHandle;
  #traefik!: Traefik;
  #users = "";
  public gateway!: RunningContainer;
  public service!: RunningContainer;

  public async start(): Promise<void> {
    const base = `--build-arg=BASE_IMAGE=${await imageOf("debian")}`;
    await execa("docker", ["build", "--quiet", `--tag=${this.#image}`, base, SERVICE_FOLDER]);
    this.#users = JSON.stringify(await this.#hashedUsers());
    this.#recorder = await startMocks();
    this.#network = await this.#sandbox.createNetwork("net");
    await this.#startGateway();
    await this.install("identity", ["2026-10"]);
    this.service = await this.#startDeclared("identity-server");
    await this.#startStage("graph", "identity");
    await this.#startStage("public", "none");
    const paths = { "/api/v1/public/x": 200, "/api/v1/graph/x": 401, [`${IDENTITY_PREFIX}/health`]: 200 };
    for (const [path, status] of Object.entries(paths)) {
      await until(`${path} is routed`, async () => (await this.ask(path)).status === status);
    }
  }

  public async close(): Promise<void> {
    await this.#sandbox.close();
    await execa("docker", ["image", "rm", "--force", this.#image], { reject: false });
  }

  /** Deploys the identity service with these keys, as far as that does anything while it runs. */
  public async install(name: string, keys: readonly string[]): Promise<void> {
    new Identity(name, {
      containerName: `${this.#sandbox.prefix}-${name}`,
      volumeName: this.#volumeName,
      baseImage: "unused",
      image: this.#image,
      network: this.#network,
      limits: { cpus: 1, memory: "256 MB" },
      gateway: this.#traefik,
      routePrefix: IDENTITY_PREFIX,
      metrics: { scrapeLabels: () => ({}) },
      keys,
      givenKeys: Object.fromEntries(Object.entries(KEYS).map(([id, key]) => [id, pulumi.secret(key)])),
      users: pulumi.secret(this.#users),
      access: [{ path: "/api/v1/graph/locked", methods: ["POST"], roles: ["owner"] }],
      tokenLifetimeSeconds: 3600,
      logLevel: "INFO",
    });
    const run = await this.#sandbox.runToEnd(await this.#recorder.resource(CONTAINER, `${name}-install`));
    if (run.exitCode !== 0) throw new Error(run.output);
  }

  /** One request through the gateway. Unlike `fetch` it sends any header. */
  public ask(path: string, { method = "GET", headers = {}, body }: Question = {}): Promise<Answer> {
    const address = {
      host: "127.0.0.1",
      port: this.gateway.hostPort(80),
      path,
      method,
      headers,
      agent: false,
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(address, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode: status = 0, headers: received } = response;
          resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
        });
      });
      sent.on("error", reject).end(body);
    });
  }

  /** A new token of a user. */
  public async logIn(email = "ada@example.org"): Promise<string> {
    const answer = await this.ask(`${IDENTITY_PREFIX}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    if (answer.status !== 200) throw new Error(answer.body);
    return (JSON.parse(answer.body) as { access_token: string }).access_token;
  }

  /** A token as the service makes them, with the key and for the moment that are given. */
  public async signed(options: { readonly secondsFromNow: number; readonly key: string }): Promise<string> {
    const claims = `{"iss": "identity-service", "sub": "u-1", "iat": now, "exp": now + 60}`;
    const code = `import jwt, time; now = int(time.time()) + ${options.secondsFromNow}; print(jwt.encode(${claims}, "${options.key}", headers={"kid": "2026-10"}))`;
    return (await this.service.exec(["python", "-c", code])).output.trim();
  }

  /** What is answered while the service does not. */
  public async whileItHangs(ask: () => Promise<Answer>): Promise<Answer> {
    await execa("docker", ["pause", this.service.name]);
    try {
      return await ask();
    } finally {
      await execa("docker", ["unpause", this.service.name]);
    }
  }

  public async stopService(): Promise<void> {
    await this.#sandbox.stop(this.service.name);
  }

  async #startDeclared(name: string): Promise<RunningContainer> {
    return this.#sandbox.start(await this.#recorder.resource(CONTAINER, name));
  }

  async #startGateway(): Promise<void> {
    const opsNetwork = await this.#sandbox.createNetwork("ops", { internal: true });
    const dockerApi = new DockerApi("docker-api", {
      containerName: `${this.#sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: opsNetwork,
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    const identity = identityCheck(parseConfig({ identity: { enabled: true } }));
    this.#traefik = new Traefik("traefik", {
      containerName: `${this.#sandbox.prefix}-traefik`,
      image: await imageOf("traefik"),
      network: this.#network,
      opsNetwork,
      dockerApi,
      published: { host: 0, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: { scrapeLabels: () => ({}) },
      requestRates: {
        "rate-limit": { average: 100_000, period: "1m", burst: 10_000 },
        "rate-limit-public": { average: 10_000, period: "1m", burst: 1000 },
      },
      ...(identity === undefined ? {} : { identity }),
    });
    await this.#startDeclared("docker-api-proxy");
    this.gateway = await this.#startDeclared("traefik-gateway");
  }

  async #startStage(name: string, authentication: NonNullable<HttpRoute["authentication"]>): Promise<void> {
    const prefix = `/api/v1/${name}`;
    new ManagedContainer(name, {
      containerName: `${this.#sandbox.prefix}-${name}`,
      image: await imageOf("haproxy"),
      ...NOT_HARDENED,
      networks: [{ name: this.#network.name, aliases: [name] }],
      labels: this.#traefik.routeLabels({
        name,
        prefix,
        match: "letters",
        strip: { name: `strip-${name}`, prefix },
        priority: 100,
        rateLimit: "rate-limit",
        port: 8000,
        health: { path: "/health", interval: "1s", timeout: "500ms" },
        authentication,
      }),
      files: [{ path: "/usr/local/etc/haproxy/haproxy.cfg", content: ECHO_CONFIG }],
      health: commandProbe(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000"]),
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    await this.#startDeclared(name);
  }

  async #hashedUsers(): Promise<object[]> {
    const command = ["run", "--rm", "-i", this.#image, "python", "-m", "identity_service.passwords"];
    const { stdout: password_hash } = await execa("docker", command, { input: PASSWORD });
    const user = { password_hash, permissions: ["graph:read"] };
    return [
      { ...user, user_id: "u-1", email: "ada@example.org", roles: ["reader", "editor"] },
      { ...user, user_id: "u-2", email: "olga@example.org", roles: ["owner"] },
    ];
  }
}
