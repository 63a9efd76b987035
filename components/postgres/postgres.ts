import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { DataVolume } from "../core/data-volume.ts";
import type { DatabaseRequest, NetworkHandle, PostgresDatabase, PostgresServer } from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { DATA_PATH, PORT, renderPostgresCommand } from "./postgres.config.ts";
import { StageDatabase } from "./stage-database.ts";

const ALIAS = "postgres";
const ADMIN_DATABASE = "postgres";
const PASSWORD_FILE = "/run/secrets/postgres-password";

export interface PostgresArgs {
  readonly containerName: string;
  /** An official `postgres` image of version 17 or older, or one that is started like it. No default on purpose. */
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  readonly limits: ResourceLimits;
  readonly volumeName: string;
  /** Superuser, by which databases and roles are made. */
  readonly adminUser: string;
  /** Connections of all clients together. */
  readonly maxConnections: number;
  /** Where the host listens, for whoever makes databases. A loopback address: the connection is not encrypted. */
  readonly published: { readonly host: number; readonly address: string };
}

/**
 * The shared PostgreSQL server. Stateful: the volume, the passwords and everything in the server is protected, so
 * `destroy --exclude-protected` takes the container away and the next `up` finds its data and its passwords again.
 */
export class Postgres extends pulumi.ComponentResource implements PostgresServer {
  public readonly host = ALIAS;
  public readonly port = PORT;
  public readonly adminUser: string;
  /** Secret. */
  public readonly adminPassword: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];
  private readonly volume: DataVolume;
  private readonly provider: postgresql.Provider;
  /** The last database that was asked for. */
  private latest: StageDatabase | undefined;

  public constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:Postgres", name, {}, opts);
    this.adminUser = args.adminUser;
    this.volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    this.adminPassword = this.createAdminPassword(name);
    this.ready = [this.createServer(name, args)];
    this.provider = this.createProvider(name, args);
    this.registerOutputs({ host: this.host, port: this.port });
  }

  public createDatabase(name: string, request: DatabaseRequest, parent: pulumi.Resource): PostgresDatabase {
    this.latest = new StageDatabase(
      name,
      {
        ...request,
        server: { host: this.host, port: this.port, ready: this.ready },
        provider: this.provider,
        volume: this.volume,
        // One after the other: changes of the server's own tables at the same time are refused by PostgreSQL.
        previous: this.latest?.ready ?? [],
      },
      { parent },
    );
    return this.latest;
  }

  /** Counts at the first start on an empty volume only, so it must live as long as the volume. */
  private createAdminPassword(name: string): pulumi.Output<string> {
    const password = new random.RandomPassword(
      `${name}-admin-password`,
      { length: 32, special: false },
      { parent: this, protect: true },
    );
    return pulumi.secret(password.result);
  }

  private createServer(name: string, args: PostgresArgs): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: { service: ALIAS },
        command: renderPostgresCommand({ maxConnections: args.maxConnections, memory: args.limits.memory }),
        // As this user the image's entry point has nothing to hand over, for which it would need capabilities.
        user: "postgres",
        environment: {
          POSTGRES_USER: args.adminUser,
          POSTGRES_DB: ADMIN_DATABASE,
          POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
          POSTGRES_INITDB_ARGS: "--data-checksums",
        },
        files: [{ path: PASSWORD_FILE, content: this.adminPassword }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        ports: [{ ...args.published, container: PORT }],
        // Over TCP: while a new cluster is made the server answers on its socket only, and goes away again.
        health: commandProbe(["pg_isready", "-h", "127.0.0.1", "-U", args.adminUser, "-d", ADMIN_DATABASE]),
        limits: args.limits,
        // Parallel queries meet there, and 64 MB are soon full.
        sharedMemory: "256 MB",
        // A checkpoint of everything in memory; a killed server recovers for longer than that.
        stopGraceSeconds: 60,
      },
      { parent: this, dependsOn: [...args.network.ready, this.volume] },
    );
  }

  /** Static but for the password, so that a preview needs no server. */
  private createProvider(name: string, args: PostgresArgs): postgresql.Provider {
    return new postgresql.Provider(
      `${name}-provider`,
      {
        host: args.published.address,
        port: args.published.host,
        database: ADMIN_DATABASE,
        username: args.adminUser,
        password: this.adminPassword,
        sslmode: "disable",
        superuser: true,
      },
      { parent: this },
    );
  }
}
