import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { generateReplaceablePassword } from "../core/generated-password.ts";
import type {
  NetworkHandle,
  RedisAccount,
  RedisLogin,
  RedisUserRequest,
  SharedRedisServer,
} from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { writtenAtStart } from "../core/written-at-start.ts";
import {
  CONFIG_FOLDER,
  CONFIG_PATH,
  DATA_PATH,
  PORT,
  renderRedisConfig,
  renderStartScript,
} from "./redis.config.ts";
import { RedisUser } from "./redis-user.ts";

/** Whom the server knows from its start on, with all rights. */
const ADMINISTRATOR = "default";

export interface RedisArgs {
  readonly containerName: string;
  /** Name by which clients find the server on the network (`000-019`, `000-022`). */
  readonly alias: string;
  /** An official `redis` image or one that is started like it. No default on purpose. */
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  /** Of the memory, 60 % is for data; a full server refuses writes. */
  readonly limits: ResourceLimits;
  readonly volumeName: string;
  /** Number of databases (C-29). */
  readonly databases: number;
  /** Whether clients log in (C-10). They do not unless given. */
  readonly authentication?: boolean;
}

/**
 * One Redis server. Used twice: for the queues (broker) and for application data and events (cache). Stateful: every
 * write is appended to a file on a protected volume. Without a password unless asked for, as the sources check it (C-10).
 */
export class Redis extends pulumi.ComponentResource implements SharedRedisServer {
  public readonly host: string;
  public readonly port = PORT;
  public readonly databases: number;
  public readonly ready: readonly pulumi.Resource[];
  /** The administrator. */
  public readonly login?: RedisLogin;
  public readonly createUser?: NonNullable<SharedRedisServer["createUser"]>;

  public constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:redis:Redis", name, {}, opts);
    this.host = args.alias;
    this.databases = args.databases;
    if (args.authentication === true) {
      const login = {
        user: ADMINISTRATOR,
        password: generateReplaceablePassword(`${name}-admin-password`, this),
      };
      this.login = login;
      this.createUser = (...user) => this.addUser(args, login, ...user);
    }
    this.ready = [this.createServer(name, args)];
    this.registerOutputs({ host: this.host, port: this.port });
  }

  private createServer(name: string, args: RedisArgs): ManagedContainer {
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [args.alias] }],
        labels: { service: args.alias },
        // As this user the image's entry point has nothing to hand over, for which it would need capabilities.
        user: { name: "redis" },
        rootFilesystem: { readOnly: true, scratch: { [CONFIG_FOLDER]: "1 MB" } },
        ...this.startOf(args),
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        // Without `-e` an error, too, would count as an answer (C-10).
        health: commandProbe(["redis-cli", "-e", "ping"]),
        limits: args.limits,
        stopGraceSeconds: 30,
      },
      { parent: this, dependsOn: [...args.network.ready, volume] },
    );
  }

  private startOf({ limits, authentication = false }: RedisArgs) {
    const content = renderRedisConfig({ databases: this.databases, memory: limits.memory, authentication });
    const config = { path: CONFIG_PATH, content };
    if (this.login === undefined) return writtenAtStart(config, ["redis-server", CONFIG_PATH]);
    const { command, environment } = writtenAtStart(config, ["sh", "-c", renderStartScript()]);
    // By this name redis-cli logs in by itself, in the health check and in every documented `docker exec` (C-10).
    return { command, environment: { ...environment, REDISCLI_AUTH: this.login.password } };
  }

  private addUser(
    { image, network }: RedisArgs,
    administrator: RedisLogin,
    name: string,
    request: RedisUserRequest,
    parent: pulumi.Resource,
  ): RedisAccount {
    const { host, port, databases, ready } = this;
    const user = new RedisUser(name, { ...request, host, image, network, administrator, ready }, { parent });
    return { server: { host, port, databases, ready, login: request.login }, created: user.succeeded };
  }
}
