import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import type { NetworkHandle, RedisServer } from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { CONFIG_PATH, DATA_PATH, PORT, renderRedisConfig } from "./redis.config.ts";

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
}

/**
 * One Redis server. Used twice: for the queues (broker) and for application data and events (cache). Stateful: every
 * write is appended to a file on a protected volume. Without a password, as the sources check it (C-10).
 */
export class Redis extends pulumi.ComponentResource implements RedisServer {
  public readonly host: string;
  public readonly port = PORT;
  public readonly databases: number;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:redis:Redis", name, {}, opts);
    this.host = args.alias;
    this.databases = args.databases;
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const container = new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [args.alias] }],
        labels: { service: args.alias },
        command: ["redis-server", CONFIG_PATH],
        // As this user the image's entry point has nothing to hand over, for which it would need capabilities.
        user: "redis",
        files: [
          {
            path: CONFIG_PATH,
            content: renderRedisConfig({ databases: this.databases, memory: args.limits.memory }),
          },
        ],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        // Without `-e` an error, too, would count as an answer (C-10).
        health: commandProbe(["redis-cli", "-e", "ping"]),
        limits: args.limits,
        stopGraceSeconds: 30,
      },
      { parent: this, dependsOn: [...args.network.ready, volume] },
    );
    this.ready = [container];
    this.registerOutputs({ host: this.host, port: this.port });
  }
}
