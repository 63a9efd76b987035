import * as pulumi from "@pulumi/pulumi";
import { Network } from "../components/network/network.ts";
import { Postgres } from "../components/postgres/postgres.ts";
import { Redis } from "../components/redis/redis.ts";
import type { StageDefinition } from "../components/stage/definition.ts";
import type { StagePlatform } from "../components/stage/stage.ts";
import { LIMITS } from "./catalog/platform-limits.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { platformImage } from "./images.ts";
import { type ServiceSummary, standaloneServices } from "./outputs.ts";
import { REDIS_DATABASES } from "./platform.ts";
import { standaloneNames, standalonePort } from "./standalone-definition.ts";

export interface StandaloneArgs {
  readonly config: PlatformConfig;
  readonly stage: StageDefinition;
}

/**
 * What one stage needs to run on a developer's machine without the platform (`000-009`): a network, one Redis that is
 * broker and cache, and PostgreSQL. Nothing collects metrics, logs or traces, and a port of the host stands in for the
 * gateway.
 */
export class Standalone extends pulumi.ComponentResource implements StagePlatform {
  public readonly network: Network;
  public readonly broker: Redis;
  public readonly cache: Redis;
  public readonly postgres: Postgres;
  public readonly gateway = { routeLabels: () => ({}) };
  public readonly metrics = { scrapeLabels: () => ({}) };
  public readonly entryPort: StagePlatform["entryPort"];
  /** Nobody logs in anywhere but in the stage's own stores. */
  public readonly credentials = {};
  /** Rows of the table of services. */
  public readonly services: readonly ServiceSummary[];

  public constructor(name: string, args: StandaloneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:stacks:Standalone", name, {}, opts);
    const { stage } = args;
    this.network = new Network("network", { networkName: standaloneNames(stage).network }, { parent: this });
    this.broker = this.createRedis(args);
    this.cache = this.broker;
    this.postgres = this.createPostgres(args);
    this.entryPort = { host: standalonePort(stage), address: "127.0.0.1" };
    this.services = standaloneServices(stage);
    this.registerOutputs({});
  }

  private createRedis({ config, stage }: StandaloneArgs): Redis {
    const { redis, redisVolume } = standaloneNames(stage);
    return new Redis(
      "redis",
      {
        containerName: redis,
        alias: "redis",
        image: platformImage(config, "redis"),
        network: this.network,
        limits: LIMITS["redis-broker"],
        volumeName: redisVolume,
        databases: REDIS_DATABASES,
      },
      { parent: this },
    );
  }

  private createPostgres({ config, stage }: StandaloneArgs): Postgres {
    const { postgres, postgresVolume } = standaloneNames(stage);
    return new Postgres(
      "postgres",
      {
        containerName: postgres,
        image: platformImage(config, "postgres"),
        network: this.network,
        limits: LIMITS.postgres,
        volumeName: postgresVolume,
        adminUser: "storytelling_admin",
        maxConnections: config.postgres.maxConnections,
        published: { host: config.hostPorts.postgres, address: "127.0.0.1" },
      },
      { parent: this },
    );
  }
}
